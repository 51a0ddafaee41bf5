import { Layout } from './layout.tsx'

export const ProblemPage = ({ status, message }: { status: number; message: string }) => (
  <Layout title={`TrueUp: ${status}`}>
    <h1>That did not work</h1>
    <p>{message}</p>
  </Layout>
)

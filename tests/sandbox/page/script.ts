import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const source = fileURLToPath(import.meta.resolve('./browser/page.ts'))
let bundled: Promise<string> | undefined

/** The page's script, bundled the first time somebody asks for it. */
export function pageScript(): Promise<string> {
  bundled ??= build({ entryPoints: [source], bundle: true, write: false, format: 'esm', target: 'es2022' }).then(
    ({ outputFiles }) => outputFiles[0]?.text ?? '',
  )
  return bundled
}

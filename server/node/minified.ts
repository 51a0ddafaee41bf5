import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('../../public', import.meta.url))

/** A script or style sheet of `public/` with what it imports, as browsers get it. */
export async function minified(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}/${name}`],
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome120', 'firefox120', 'safari17'],
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

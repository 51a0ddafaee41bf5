import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { minified } from './minified.ts'

/**
 * What browsers get, from `public/` and htmx's package, as few and small as can be: one script, one style sheet, an icon,
 * each with a compressed twin for Node. Workers compress by themselves.
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = `${root}dist/public`

await mkdir(folder, { recursive: true })
/** Both are asked for by the name of the release. */
const workersHeaders = `/*
  X-Content-Type-Options: nosniff
/app.js
  Cache-Control: public, max-age=31536000, immutable
/app.css
  Cache-Control: public, max-age=31536000, immutable
`
const packages = ['dist/htmx.min.js', 'dist/ext/hx-csp.min.js'].map((path) => `${root}node_modules/htmx.org/${path}`)
const scripts = [
  ...(await Promise.all(packages.map((path) => readFile(path, 'utf8')))).map(withoutMap),
  await minified('frame.js'),
  await minified('app.js'),
]
await save('app.js', scripts.join('\n'))
await save('app.css', await minified('app.css'))
await save('icon.svg', await readFile(`${root}public/icon.svg`, 'utf8'))
await writeFile(`${folder}/_headers`, workersHeaders)
await writeFile(`${folder}/.assetsignore`, '*.br\n*.gz\n')

async function save(name: string, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  await Promise.all([
    writeFile(`${folder}/${name}`, bytes),
    writeFile(`${folder}/${name}.br`, await promisify(brotliCompress)(bytes, quality)),
    writeFile(`${folder}/${name}.gz`, await promisify(gzip)(bytes, { level: 9 })),
  ])
}

/** A map that is not served would be asked for in vain. */
function withoutMap(script: string): string {
  return script.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '')
}

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { minified } from './minified.ts'

const root = new URL('../../', import.meta.url)
const folder = new URL('dist/public/', root)

/** On Workers: the script and the style sheet are asked for by the name of the release. */
const workersHeaders = `/*
  X-Content-Type-Options: nosniff
/app.js
  Cache-Control: public, max-age=31536000, immutable
/app.css
  Cache-Control: public, max-age=31536000, immutable
`

/**
 * What browsers get, from `public/` and htmx's package, as few and small as can be: one script, one style sheet, an icon,
 * each with a compressed twin for Node. Workers compress by themselves.
 */
await mkdir(folder, { recursive: true })
const scripts = await Promise.all([
  packaged(import.meta.resolve('htmx.org/dist/htmx.min.js')),
  packaged(import.meta.resolve('htmx.org/dist/ext/hx-csp.min.js')),
  minified('frame.js'),
  minified('app.js'),
])
await save('app.js', scripts.join('\n'))
await save('app.css', await minified('app.css'))
await save('icon.svg', await readFile(new URL('public/icon.svg', root), 'utf8'))
await writeFile(new URL('_headers', folder), workersHeaders)
await writeFile(new URL('.assetsignore', folder), '*.br\n*.gz\n')

/** A map that is not served would be asked for in vain. */
async function packaged(url: string): Promise<string> {
  return (await readFile(new URL(url), 'utf8')).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '')
}

async function save(name: string, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  await Promise.all([
    writeFile(new URL(name, folder), bytes),
    writeFile(new URL(`${name}.br`, folder), await promisify(brotliCompress)(bytes, quality)),
    writeFile(new URL(`${name}.gz`, folder), await promisify(gzip)(bytes, { level: 9 })),
  ])
}

import { Problem } from '#server/problem.ts'

/** A file as text with `\n` between lines, and which encoding it is in. */
export interface FileText {
  text: string
  encoding: string
}

const mostBytes = 10_000_000
const saveAsCsv = 'Open it and save it as CSV (comma separated, UTF-8), then upload that.'

/** What a file begins with that is not text, and what to do about it. */
const formats: readonly (readonly [bytes: readonly number[], what: string, todo: string])[] = [
  [[0x50, 0x4b], 'an Excel workbook or a zip archive', saveAsCsv],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an Excel workbook', saveAsCsv],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF', 'Export the numbers as CSV where the PDF came from.'],
  [[0x1f, 0x8b], 'compressed (gzip)', 'Unpack it and upload the CSV file in it.'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'compressed (7z)', 'Unpack it and upload the CSV file in it.'],
  [[0x52, 0x61, 0x72, 0x21], 'compressed (rar)', 'Unpack it and upload the CSV file in it.'],
]

/** Reads UTF-8, UTF-16 with a byte order mark, else windows-1252. Throws a Problem for what is no text. */
export function textOf(file: Uint8Array): FileText {
  if (file.length > mostBytes) throw new Problem('invalid', 'The file is larger than 10 MB.')
  const format = formats.find(([bytes]) => bytes.every((byte, at) => file[at] === byte))
  if (format) throw new Problem('invalid', `The file is ${format[1]}, not CSV. ${format[2]}`)
  const { text, encoding } = decoded(file)
  if (text.trim() === '') throw new Problem('invalid', 'The file is empty.')
  if (/^\s*<[!?a-z]/i.test(text)) throw new Problem('invalid', `The file is a web page or XML, not CSV. ${saveAsCsv}`)
  if (isBinary(text.slice(0, 1000)))
    throw new Problem('invalid', 'The file is not text in an encoding we know. Save it as CSV in UTF-8.')
  return { text: text.replace(/\r\n?/g, '\n'), encoding }
}

/** More than one sign in ten is NUL, as in UTF-16 that does not say so. */
const isBinary = (text: string): boolean => (text.split('\0').length - 1) * 10 > text.length

function decoded(file: Uint8Array): FileText {
  const [first, second, third] = file
  if (first === 0xef && second === 0xbb && third === 0xbf)
    return { text: utf8(file) ?? broken(), encoding: 'UTF-8 with byte order mark' }
  if (first === 0xff && second === 0xfe) return { text: utf16(file.subarray(2)), encoding: 'UTF-16' }
  if (first === 0xfe && second === 0xff) return { text: utf16(swapped(file.subarray(2))), encoding: 'UTF-16' }
  const text = utf8(file)
  if (text !== undefined) return { text, encoding: 'UTF-8' }
  return { text: new TextDecoder('windows-1252').decode(file), encoding: 'windows-1252' }
}

function utf8(file: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    return undefined
  }
}

const utf16 = (file: Uint8Array): string => new TextDecoder('utf-16le').decode(file)

/** Every two bytes the other way round: not every runtime decodes the big-endian kind. */
function swapped(file: Uint8Array): Uint8Array {
  const other = new Uint8Array(file.length - (file.length % 2))
  for (let at = 0; at < other.length; at += 2) {
    other[at] = file[at + 1] ?? 0
    other[at + 1] = file[at] ?? 0
  }
  return other
}

function broken(): never {
  throw new Problem('invalid', 'The file says it is UTF-8 and is not. Save it as CSV in UTF-8 again.')
}

/** Rows as RFC 4180 text that no spreadsheet takes for a formula (TRUST 7.4). */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')

/** A text that begins like a formula is marked as text. */
export const asText = (text: string): string => (/^[=+\-@\t\r\n\0]/.test(text) ? `'${text}` : text)

function cell(text: string): string {
  const safe = asText(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows as RFC 4180 text that no spreadsheet takes for a formula, one that parts cells at semicolons included (TRUST 7.4). */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')

/** Where a text begins like a formula, or what follows a semicolon or a line break in it does, it is marked as text. */
export const asText = (text: string): string =>
  text.replace(/^(?=[=+\-@\t\r\n\0])|(?:;|\r\n?|\n)[" ]*(?=[=+\-@\t\0])/g, "$&'")

function cell(text: string): string {
  const safe = asText(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

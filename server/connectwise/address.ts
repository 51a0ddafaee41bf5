/** Query parameters that have a value, in the order given. */
export type Query = Record<string, string | number | undefined>

/** ConnectWise's advice: the whole address stays under 2,000 characters. */
export const longestAddress = 1_999

/** `/path?a=b`; commas, slashes, colons and parentheses stay readable, and short. */
export function addressOf(path: string, query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined)
  if (pairs.length === 0) return path
  return `${path}?${pairs.map(([name, value]) => `${name}=${encode(String(value))}`).join('&')}`
}

const encode = (text: string): string =>
  encodeURIComponent(text)
    .replace(/%(2C|2F|3A)/g, decodeURIComponent)
    .replace(/'/g, '%27')
    .replace(/\*/g, '%2A')

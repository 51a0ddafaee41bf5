import { Problem } from '#server/problem.ts'

/** What a Link header says about the next page. Its address is never called, only its numbers are read (I20). */
export interface NextPage {
  /** The header came at all, so this endpoint pages by links. */
  hasLinks: boolean
  isLast: boolean
  pageId: number | undefined
  page: number | undefined
}

/** Throws Problem('incomplete') when any link names a host that is not this tenant's. */
export function readLinks(header: string | undefined, hosts: readonly string[]): NextPage {
  const links = [...(header ?? '').matchAll(/<([^<>]+)>\s*;\s*rel="?(\w+)"?/g)].map(([, address = '', rel = '']) => ({
    address,
    rel,
  }))
  const urls = links.map(({ address, rel }) => ({ rel, url: parse(address) }))
  if (urls.some(({ url }) => !url || !hosts.includes(url.host))) {
    throw new Problem(
      'incomplete',
      'ConnectWise linked the next page to another host, so nothing of this list is used.',
    )
  }
  const next = urls.find(({ rel }) => rel === 'next')?.url
  return {
    hasLinks: header !== undefined,
    isLast: urls.length > 0 && !next,
    pageId: positive(next?.searchParams.get('pageId')),
    page: positive(next?.searchParams.get('page')),
  }
}

const parse = (address: string): URL | undefined => (URL.canParse(address) ? new URL(address) : undefined)

function positive(text: string | null | undefined): number | undefined {
  const number = Number(text ?? Number.NaN)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

import type { Turn } from './http-pages.ts'

/** What the settings and the request make of the pages of one answer. */
export interface Answer {
  turn: Turn
  /** After the last page: all of it as one snapshot body, and where each of its places came from. */
  end(isCut: boolean): { body: unknown; placeOf(path: string): string }
}

/** `page 2: accounts[3].name`, for the first page too. */
export const onPage = (number: number, path: string): string => `page ${number}${path === '' ? '' : `: ${path}`}`

import type { ListedAccount } from '#db/listed-accounts.ts'
import { sha256 } from '#db/sha256.ts'
import type { Suggested } from '#sync/mapping/suggestions.ts'

/** A row of the list in the state it was seen in. */
export interface SeenRow {
  row: ListedAccount
  version: string
}

/** Names exactly these rows in these states, in whatever order: another set has another digest (M17). */
export const digestOfRows = (rows: readonly SeenRow[]): string =>
  digestOf(rows.map(({ row: { sourceId, account }, version }) => [sourceId, account, version]))

export const digestOfSuggestions = (all: readonly Suggested[]): string =>
  digestOf(all.map(({ key: { sourceId, account }, company }) => [sourceId, account, company.id]))

const digestOf = (parts: readonly unknown[]): string =>
  sha256(
    parts
      .map((part) => JSON.stringify(part))
      .sort()
      .join(),
  )

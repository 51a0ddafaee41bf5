import { longestAddress, type Query } from './address.ts'
import type { Api } from './api.ts'
import { writeCondition } from './conditions.ts'
import { type List, pageSize } from './list.ts'
import { listAll } from './paging.ts'

/**
 * All rows with these ids, with as few requests as the address length allows. Ids that do not exist are left out, and
 * those of records to be made (below zero) are not asked for.
 */
export async function listByIds<Row extends { id: number }>(
  api: Api,
  list: Omit<List<Row>, 'wanted' | 'orderBy'>,
  ids: readonly number[],
): Promise<Row[]> {
  const packs = packIds(api, list, ids)
  const lists = packs.map((pack) =>
    listAll(api, { ...list, query: queryFor(list.query, pack), orderBy: 'id', wanted: new Set(pack) }),
  )
  return (await Promise.all(lists)).flat()
}

type IdField = 'id' | 'AGR_Header_RecID'

export const queryFor = (query: Query, ids: readonly number[], field: IdField = 'id'): Query => ({
  ...query,
  conditions: writeCondition({ field, in: ids }),
})

/** As few packs of these ids as fit into one address each. */
export function packIds(
  api: Api,
  { path, query }: { path: string; query: Query },
  ids: readonly number[],
  field: IdField = 'id',
): number[][] {
  const paging = { pageSize, page: 1000, orderBy: 'Billing_Log_RecID desc', pageId: 2 ** 31 }
  const room = longestAddress - api.addressLength(path, { ...queryFor(query, [], field), ...paging })
  const packs: number[][] = []
  let used = room
  for (const id of [...new Set(ids)].filter((one) => one > 0).sort((a, b) => a - b)) {
    const length = String(id).length + 1
    const pack = packs.at(-1)
    if (pack && used + length <= room && pack.length < pageSize) {
      pack.push(id)
      used += length
    } else {
      packs.push([id])
      used = length
    }
  }
  return packs
}

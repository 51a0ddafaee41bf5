import type { Api } from './api.ts'
import { isPlainWord, writeCondition } from './conditions.ts'
import type { List } from './list.ts'
import { listAll } from './paging.ts'

/**
 * The records with this identifier, whatever its case. One that cannot stand in a condition is looked for among all
 * there are: no text that a person typed is sent as a question (U7).
 */
export async function listByIdentifier<Row extends { id: number; identifier: string }>(
  api: Api,
  list: Omit<List<Row>, 'wanted' | 'orderBy'>,
  identifier: string,
): Promise<Row[]> {
  const conditions = isPlainWord(identifier)
    ? { conditions: writeCondition({ field: 'identifier', is: '=', value: { word: identifier } }) }
    : {}
  const found = await listAll(api, { ...list, query: { ...list.query, ...conditions }, orderBy: 'id' })
  return found.filter((one) => one.identifier.toLowerCase() === identifier.toLowerCase())
}

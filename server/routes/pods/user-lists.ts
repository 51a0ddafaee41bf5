import { type DocumentRow, listDocuments } from '#db/documents.ts'
import { listAccountNames } from '#db/plan-lines.ts'
import { causeOf } from '#sync/people/journal-lists.ts'
import type { ListLine } from '#views/pods/user-lists.tsx'
import type { PodState } from './pod.ts'

type Listed = Pick<PodState['mappings'][number], 'id' | 'sourceId' | 'account' | 'agreementId' | 'include'>

/** The lists of users that hang on an agreement or should: of included accounts whose source attaches them, and older ones. */
export async function userListsOf(state: PodState, agreementId: number): Promise<ListLine[]> {
  const { scope } = state.viewer
  const switched = new Map(state.sources.map((source) => [source.id, source]))
  const mappings = state.mappings.filter((mapping) => mapping.agreementId === agreementId)
  const sent = await listDocuments(scope, [agreementId])
  const shown = firstPerAccount(mappings).filter(
    (mapping) =>
      sent.some((row) => isOf(mapping, row)) || (mapping.include && switched.get(mapping.sourceId)?.data.userList),
  )
  const names = await listAccountNames(
    scope,
    shown.map(({ account }) => account),
  )
  return shown.map((mapping) => {
    const row = sent.find((one) => isOf(mapping, one))
    const named = names.find((one) => isOf(mapping, one))
    return {
      mapping: mapping.id,
      name: named?.name ?? mapping.account,
      sourceName: switched.get(mapping.sourceId)?.name ?? '',
      ...(row ? { sent: sentOf(row) } : {}),
    }
  })
}

/** The newest period comes first in the list. */
function sentOf(row: DocumentRow): NonNullable<ListLine['sent']> {
  const { state, period, sentAt: at } = row
  return state === 'attached' ? { state, period, at } : { state, period, at, problem: `${causeOf(row)}.` }
}

const isOf = (mapping: Pick<Listed, 'sourceId' | 'account'>, row: { sourceId: string; account: string }): boolean =>
  row.sourceId === mapping.sourceId && row.account === mapping.account

const firstPerAccount = <T extends Listed>(mappings: readonly T[]): T[] =>
  mappings.filter((mapping, i) => mappings.findIndex((one) => isOf(one, mapping)) === i)

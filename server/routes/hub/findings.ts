import { readState } from '#billing/book.ts'
import { agreementHealth, type Finding } from '#billing/health.ts'
import type { AgreementRow } from '#db/mirror.ts'
import type { PodState } from '#routes/pods/pod.ts'
import { ruleInForce } from '#sync/mapping/mappings.ts'

/** What is right and wrong with an agreement for what is mapped to it (FEATURES P17). */
export const agreementFindings = (state: PodState, { id, body }: AgreementRow): Finding[] =>
  agreementHealth(body, {
    today: state.input.today,
    currency: state.viewer.tenant.currency ?? undefined,
    paid: paidCurrencies(state, id),
  })

/** The currencies in which sources state money that a mapping there writes. */
function paidCurrencies({ mappings, sources, input }: PodState, id: number): string[] {
  const writing = mappings.filter(
    (row) => row.agreementId === id && ruleInForce(row, sources).write.some((field) => field !== 'quantity'),
  )
  const found = writing.flatMap(({ sourceId, account, reads }) => {
    const book = input.books.get(sourceId)
    const states = book ? reads.map((read) => readState(book, account, read)) : []
    return states.flatMap((state) => ('money' in state ? (state.money.currency ?? []) : []))
  })
  return [...new Set(found)]
}

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
    paid: [...new Set([...paidCurrencies(state, id), ...lineCurrencies(state, id)])],
    cadences: cadencesOf(state, id),
  })

/** Invoice lines always write their price. */
const lineCurrencies = ({ terms }: PodState, id: number): string[] =>
  terms.flatMap(({ agreementId, currency }) => (agreementId === id && currency !== null ? [currency] : []))

/** How often recurring lines are charged, in their sources' words. */
const cadencesOf = ({ terms }: PodState, id: number): string[] => [
  ...new Set(
    terms.flatMap(({ agreementId, billingCycle, chargeKind }) =>
      agreementId === id && chargeKind === 'recurring' && billingCycle !== '' ? [billingCycle] : [],
    ),
  ),
]

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

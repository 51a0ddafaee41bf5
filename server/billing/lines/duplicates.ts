import { add, compare, type Decimal, multiply } from '#billing/decimal.ts'
import type { Addition, Agreement } from '#billing/existing.ts'
import { type Day, earlierOf, laterOf } from '#billing/period.ts'

/** What an addition is there for, as far as TrueUp knows: without any of these somebody made it by hand. */
export interface Purpose {
  additionId: number
  /** `line`: of invoice lines; `mapping`: a mapping writes it; `known`: a part of a period, or left alone by a person. */
  as: 'line' | 'mapping' | 'known'
  /** What is billed by it: a subscription's charge or a line of its own. */
  identity?: string
  /** The source's own id of a one-time line, whichever month it was posted with. */
  line?: string
  /** The next months' lines are written to it. */
  isOpen?: boolean
}

/** Why additions look as if one thing were billed twice (V6, Q4). */
export type DuplicateCause =
  | 'line-twice'
  | 'subscription-twice'
  | 'two-agreements'
  | 'serial'
  | 'beside-hand-made'
  | 'product'

/** Additions of one company of which one may be enough. */
export interface Duplicate {
  cause: DuplicateCause
  companyId: number
  additions: readonly Addition[]
  /** The one that stays if nobody chooses another. */
  keep: number
  /** Why others have to stay, too, by addition. */
  stays: ReadonlyMap<number, string>
  /** The days on which more than one bills; the last is absent where none of them ends. */
  from: Day
  to?: Day
  /** All of it is on invoices: ending an addition takes nothing back. */
  isInvoiced: boolean
  /** What the others bill per billing cycle, or once, in `currency`. */
  atStake: Decimal
  currency: string | undefined
}

export interface DuplicateInput {
  agreements: readonly Agreement[]
  additions: readonly Addition[]
  purposes: readonly Purpose[]
  /** The tenant's own currency. */
  currency?: string
}

/** Whatever is billed twice as far as the mirrored agreements tell, the most money first. */
export function duplicatesOf(input: DuplicateInput): Duplicate[] {
  const agreements = new Map(input.agreements.map((agreement) => [agreement.id, agreement]))
  const purposes = new Map(input.purposes.map((purpose) => [purpose.additionId, purpose]))
  const billing = input.additions.filter((one) => agreements.has(one.agreementId) && bills(one))
  const told = new Set<string>()
  const found: Duplicate[] = []
  for (const { cause, group } of suspicions(billing, agreements, purposes)) {
    for (const several of overlapping(group)) {
      const key = several.map(({ id }) => id).join(',')
      if (told.has(key) || !isSuspicious(cause, several, purposes)) continue
      told.add(key)
      found.push(describe(cause, several, { ...input, agreements, purposes }))
    }
  }
  return found.sort((a, b) => compare(b.atStake, a.atStake) || (a.additions[0]?.id ?? 0) - (b.additions[0]?.id ?? 0))
}

type Agreements = ReadonlyMap<number, Agreement>
type Purposes = ReadonlyMap<number, Purpose>

/** One that bills nothing on no day is nobody's duplicate. */
const bills = ({ quantity, effectiveOn, cancelledOn }: Addition): boolean =>
  compare(quantity, '0') !== 0 && !(effectiveOn !== undefined && cancelledOn !== undefined && cancelledOn < effectiveOn)

/** Additions that may be the same thing, the surest reasons first. */
function suspicions(billing: readonly Addition[], agreements: Agreements, purposes: Purposes) {
  const company = ({ agreementId }: Addition) => agreements.get(agreementId)?.companyId
  const by = (cause: DuplicateCause, keyOf: (one: Addition) => string | undefined) =>
    grouped(billing, keyOf).map((group) => ({ cause, group }))
  const identity = (one: Addition) => purposes.get(one.id)?.identity
  return [
    ...by('line-twice', (one) => purposes.get(one.id)?.line),
    ...by('subscription-twice', (one) => identity(one) && `${one.agreementId} ${identity(one)}`),
    ...by('two-agreements', identity),
    ...by('serial', (one) => one.serialNumber && `${company(one)} ${one.serialNumber}`),
    ...by('beside-hand-made', (one) => `${one.agreementId} ${one.productId}`),
    ...by('product', (one) => `${one.agreementId} ${one.productId}`),
  ]
}

function grouped(all: readonly Addition[], keyOf: (one: Addition) => string | undefined): Addition[][] {
  const groups = new Map<string, Addition[]>()
  for (const one of all) {
    const key = keyOf(one)
    if (key) groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

/** The parts of a group whose days hang together: each shares days with another of its part. */
function overlapping(group: readonly Addition[]): Addition[][] {
  const parts: { to: Day; several: Addition[] }[] = []
  for (const one of [...group].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))) {
    const part = parts.at(-1)
    if (part && startOf(one) <= part.to) {
      part.several.push(one)
      part.to = laterOf(part.to, endOf(one))
    } else parts.push({ to: endOf(one), several: [one] })
  }
  return parts.map(({ several }) => several.sort((a, b) => a.id - b.id)).filter(({ length }) => length > 1)
}

const startOf = ({ effectiveOn }: Addition): Day => effectiveOn ?? '0000-01-01'
const endOf = ({ cancelledOn }: Addition): Day => cancelledOn ?? '9999-12-31'

/** Several lines, or several mappings, of one product are normal; one made by hand beside them, or beside another, is not. */
function isSuspicious(cause: DuplicateCause, several: readonly Addition[], purposes: Purposes): boolean {
  const byHand = several.filter(({ id }) => !purposes.has(id))
  const ours = several.filter(({ id }) => ['line', 'mapping'].includes(purposes.get(id)?.as ?? ''))
  if (cause === 'beside-hand-made') return byHand.some((one) => ours.some((other) => sharesDays(one, other)))
  if (cause !== 'product') return true
  return ours.length === 0 && byHand.some((one, at) => byHand.slice(at + 1).some((other) => sharesDays(one, other)))
}

const sharesDays = (a: Addition, b: Addition): boolean => startOf(a) <= endOf(b) && startOf(b) <= endOf(a)

interface Context extends Omit<DuplicateInput, 'agreements' | 'purposes'> {
  agreements: Agreements
  purposes: Purposes
}

function describe(cause: DuplicateCause, additions: readonly Addition[], context: Context): Duplicate {
  const { agreements, purposes } = context
  const keep = keptOf(additions, purposes)
  const days = sharedDays(additions)
  const home = agreements.get(additions[0]?.agreementId ?? 0)
  return {
    cause,
    companyId: home?.companyId ?? 0,
    additions,
    keep,
    stays: staysOf(additions, purposes),
    from: days.from,
    ...(days.to === '9999-12-31' ? {} : { to: days.to }),
    isInvoiced: additions.every(({ agreementId }) => days.to < (agreements.get(agreementId)?.nextInvoiceOn ?? '')),
    atStake: stakeOf(additions, keep, purposes),
    currency: home?.currency ?? context.currency,
  }
}

const staysOf = (additions: readonly Addition[], purposes: Purposes): ReadonlyMap<number, string> =>
  new Map(
    additions.flatMap(({ id }) => {
      const why = whyKept(purposes.get(id))
      return why === undefined ? [] : [[id, why] as const]
    }),
  )

/** What those that may end come to; where none may, all but the kept one. */
function stakeOf(additions: readonly Addition[], keep: number, purposes: Purposes): Decimal {
  const others = additions.filter(({ id }) => id !== keep)
  const mayEnd = others.filter(({ id }) => whyKept(purposes.get(id)) === undefined)
  return (mayEnd.length > 0 ? mayEnd : others)
    .map(({ quantity, unitPrice = '0' }) => multiply(quantity, unitPrice))
    .reduce(add, '0')
}

/** What TrueUp goes on writing stays, else what it wrote, else the oldest. */
function keptOf(additions: readonly Addition[], purposes: Purposes): number {
  const rank = ({ id }: Addition) => {
    const purpose = purposes.get(id)
    if (purpose === undefined) return 3
    return purpose.isOpen || purpose.as === 'mapping' ? 1 : 2
  }
  const [first] = [...additions].sort((a, b) => rank(a) - rank(b) || a.id - b.id)
  return first?.id ?? 0
}

/** From the first to the last day on which two of them bill. */
function sharedDays(additions: readonly Addition[]): { from: Day; to: Day } {
  const pairs = additions.flatMap((a, at) =>
    additions.slice(at + 1).flatMap((b) => {
      const [from, to] = [laterOf(startOf(a), startOf(b)), earlierOf(endOf(a), endOf(b))]
      return from <= to ? [{ from, to }] : []
    }),
  )
  const [first] = pairs.map(({ from }) => from).sort()
  const last = pairs
    .map(({ to }) => to)
    .sort()
    .at(-1)
  return { from: first ?? '', to: last ?? '' }
}

/** Why an addition cannot be the one that ends, in words; undefined when it can. */
export function whyKept(purpose: Purpose | undefined): string | undefined {
  if (purpose?.as === 'mapping') return 'a mapping writes it: change the mapping first, or keep this one'
  if (purpose?.as === 'line' && purpose.isOpen) return 'the next month’s lines are written to it: keep this one'
  return purpose?.as === 'known'
    ? 'its purpose is known: it is a part of a period, or somebody left it alone'
    : undefined
}

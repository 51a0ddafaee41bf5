import { isToBeMade } from '#billing/record.ts'
import { type InvoiceLine, type LinePlace, subscriptionKey } from './line.ts'

/** What the place of a line is worked out from. Texts are empty where its source states none. */
export interface Unplaced {
  source: string
  account: string
  said: Pick<InvoiceLine, 'offer' | 'chargeType'> & { subscription: string; billingCycle: string }
  isRecurring: boolean
  /** The agreement a person chose for this line. */
  agreementId?: number
}

/** What was chosen for an account. */
export interface AccountPlace {
  companyId?: number
  agreementId?: number
  include: boolean
}

/** A mapping that says where the lines of an offer and charge type go. */
export interface LineMappingRow {
  offer: string
  chargeType: string
  /** Absent: those of every subscription. */
  subscription?: string
  companyId: number
  agreementId: number
  additionId?: number
  productId?: number
  leaveAlone: readonly number[]
  include: boolean
  parkedReason?: string
}

/** An agreement, as far as lines can go there; `problem`: why nothing is known of its additions now, and since when (M18). */
export interface AgreementPlace {
  companyId: number
  gone?: boolean
  problem?: string
}

/** What people chose and ConnectWise holds, for all lines that are placed at once. */
export interface Places {
  /** By `accountKey`. */
  accounts: ReadonlyMap<string, AccountPlace>
  mappings: ReadonlyMap<string, readonly LineMappingRow[]>
  /** Companies of two or more included accounts (4.6). */
  shared: ReadonlySet<number>
  /** By `productKey`. */
  products: ReadonlyMap<string, number>
  /** By id; what is missing was never read. */
  agreements: ReadonlyMap<number, AgreementPlace>
  deletedCompanies: ReadonlySet<number>
  /** The agreements of additions that stand for subscriptions, by `subscriptionKey`. */
  billed: ReadonlyMap<string, number>
  /** Agreements TrueUp made, or is to make, by company (4.3). */
  made: ReadonlyMap<number, number>
  /** Why a line that names no agreement gets none made; absent: one is made. */
  whyNotMade?: string
}

export const accountKey = (source: string, account: string): string => JSON.stringify([source, account])

/** What an offer is billed as; an empty billing cycle stands for every one without a product of its own. */
export const productKey = (source: string, offer: string, billingCycle: string): string =>
  JSON.stringify([source, offer, billingCycle])

/** Where a line goes by all that is known, or what it lacks (FEATURES 4.6, 4.13 row 12, M9, M18, M21, M22, M27). */
export function placeOf(line: Unplaced, places: Places): LinePlace {
  const key = accountKey(line.source, line.account)
  const account = places.accounts.get(key) ?? { include: false }
  const mapping = mappingFor(line, places.mappings.get(key) ?? [])
  const companyId = mapping?.companyId ?? account.companyId
  const productId = mapping?.productId ?? productFor(line, places)
  const agreement = agreementFor(line, { account, mapping, companyId }, places)
  const { agreementId } = agreement
  const found = {
    ...(companyId === undefined ? {} : { companyId }),
    ...(agreementId === undefined ? {} : { agreementId }),
    ...(productId === undefined ? {} : { productId }),
    ...(mapping?.additionId === undefined ? {} : { additionId: mapping.additionId }),
    ...(mapping && mapping.leaveAlone.length > 0 ? { leaveAlone: mapping.leaveAlone } : {}),
  }
  if (!(mapping ?? account).include) return { ...found, mapping: 'excluded', lacks: 'excluded' }
  const gone = mapping?.parkedReason ?? goneReason(companyId, agreementId, places, agreement.isMade)
  if (gone !== undefined) return { ...found, mapping: 'parked', lacks: gone }
  const lacks = [
    ...(companyId === undefined ? ['choose the company (Organizations)'] : []),
    ...(productId === undefined && mapping?.additionId === undefined ? ['choose the product (Products)'] : []),
    ...(companyId === undefined || agreement.lacks === undefined ? [] : [agreement.lacks]),
  ]
  if (lacks.length > 0) return { ...found, mapping: 'unmapped', lacks: lacks.join('; ') }
  const problem = agreementId === undefined ? undefined : places.agreements.get(agreementId)?.problem
  return problem === undefined
    ? { ...found, mapping: 'mapped' }
    : { ...found, mapping: 'response-error', lacks: problem }
}

/** The mapping that names the line's offer and charge type; one of its subscription before one of all. */
function mappingFor({ said }: Unplaced, mappings: readonly LineMappingRow[]): LineMappingRow | undefined {
  const meant = mappings.filter(({ offer, chargeType }) => offer === said.offer && chargeType === said.chargeType)
  return (
    meant.find(({ subscription }) => subscription === said.subscription) ??
    meant.find(({ subscription }) => subscription === undefined)
  )
}

function productFor({ source, said }: Unplaced, { products }: Places): number | undefined {
  const { offer, billingCycle } = said
  return products.get(productKey(source, offer, billingCycle)) ?? products.get(productKey(source, offer, ''))
}

interface Chosen {
  account: AccountPlace
  mapping: LineMappingRow | undefined
  companyId: number | undefined
}

/**
 * The agreement chosen for the line, else of its mapping, else of the addition its subscription has (M19), else of its
 * account, else the one made for its company (4.3). Where two included accounts share the company, the last two are a guess.
 */
function agreementFor(
  line: Unplaced,
  { account, mapping, companyId }: Chosen,
  places: Places,
): { agreementId?: number; lacks?: string; isMade?: true } {
  const named = line.agreementId ?? mapping?.agreementId ?? billedOn(line, places)
  if (named !== undefined) return { agreementId: named }
  if (companyId === undefined) return {}
  if (places.shared.has(companyId)) return { lacks: 'two accounts share this company: choose the agreement' }
  if (account.agreementId !== undefined) return { agreementId: account.agreementId }
  const made = places.made.get(companyId)
  if (made !== undefined) return { agreementId: made, isMade: true }
  const { whyNotMade } = places
  return whyNotMade === undefined ? {} : { lacks: whyNotMade }
}

const billedOn = (line: Unplaced, { billed }: Places): number | undefined =>
  line.isRecurring ? billed.get(subscriptionKey(line)) : undefined

function goneReason(
  companyId: number | undefined,
  agreementId: number | undefined,
  { agreements, deletedCompanies }: Places,
  isMade?: true,
): string | undefined {
  if (companyId !== undefined && deletedCompanies.has(companyId))
    return `company ${companyId} was deleted in ConnectWise`
  const agreement = agreementId === undefined ? undefined : agreements.get(agreementId)
  if (agreementId === undefined || companyId === undefined) return undefined
  if (!agreement)
    return isToBeMade(agreementId) ? 'the agreement that was to be made is not wanted any more' : undefined
  // A plan says that the one made for its company has ended: its lines wait, they are not parked (4.3).
  if (agreement.gone && isMade) return undefined
  if (agreement.gone) return `agreement ${agreementId} no longer exists in ConnectWise`
  return agreement.companyId === companyId
    ? undefined
    : `agreement ${agreementId} belongs to company ${agreement.companyId}, not ${companyId}`
}

import Big from 'big.js'
import type { InvoiceLine } from '#billing/lines/line.ts'
import { type Month, shiftMonth } from '#billing/period.ts'
import { linesOf, type Organization } from './marketplace-months.ts'
import type { Snapshot } from './platform.ts'

/** A marketplace: what it invoices its organizations for, month by month, the same whenever it is asked. */
export interface Marketplace {
  organizations: readonly Organization[]
  /** The month it begins with. */
  first: Month
  /** Invoices and lines that come beside those of every month: late ones, odd ones. By organization and month. */
  extra: { organization: string; month: Month; line: InvoiceLine }[]
  lines(organization: string, month: Month): InvoiceLine[]
  snapshot(month: Month): Snapshot
  /** What a month comes to by currency, each line rounded to cents as an invoice rounds it. */
  totals(month: Month): Record<string, string>
}

export interface Size {
  first: Month
  clock: { now(): number }
  /** Even. Default 60 with 5,000 lines a month. */
  organizations?: number
  lines?: number
}

/** A marketplace whose organizations are of quite different sizes. */
export function createMarketplace({ first, clock, organizations: count = 60, lines = 5000 }: Size): Marketplace {
  const organizations = Array.from({ length: count }, (_, n) => organizationOf(n, count, lines))
  const extra: Marketplace['extra'] = []
  const monthly = (organization: Organization, month: Month): InvoiceLine[] => [
    ...(month < first ? [] : linesOf(organization, month, monthsBetween(first, month))),
    ...extra.filter((one) => one.organization === organization.id && one.month === month).map(({ line }) => line),
  ]
  return {
    ...{ organizations, first, extra },
    lines(id, month) {
      const organization = organizations.find((one) => one.id === id)
      if (!organization) throw new Error(`The marketplace has no organization ${id}`)
      return monthly(organization, month)
    },
    snapshot: (period) => ({
      ...{ kind: 'invoice-lines', period, takenAt: new Date(clock.now()).toISOString(), complete: true },
      accounts: organizations
        .map((one) => ({ id: one.id, name: one.name, lines: monthly(one, period) }))
        .filter((account) => account.lines.length > 0),
    }),
    totals: (month) => totalsOf(organizations.flatMap((one) => monthly(one, month))),
  }
}

/** What lines come to, by currency. */
function totalsOf(lines: readonly InvoiceLine[]): Record<string, string> {
  const sums = new Map<string, Big>()
  for (const { quantity, unitPrice = '0', currency = '' } of lines) {
    const amount = new Big(quantity).times(unitPrice).round(2, Big.roundHalfUp)
    sums.set(currency, (sums.get(currency) ?? new Big(0)).plus(amount))
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, sum]) => [code, sum.toFixed(2)]))
}

function organizationOf(n: number, count: number, lines: number): Organization {
  const mean = Math.floor(lines / count)
  const spread = Math.floor(((n >> 1) * 2 * mean) / (count * 1.5))
  const size = mean + (n % 2 === 0 ? -spread : spread) + (n < lines - mean * count ? 1 : 0)
  const currency = n % 10 === 7 ? 'EUR' : n % 30 === 14 ? 'JPY' : 'USD'
  return { id: `ORG-${1001 + n}`, name: `${nameOf(n)}${n % 4 === 3 ? ', Inc.' : ''}`, currency, size }
}

const owners = ['Amber', 'Birch', 'Cedar', 'Delta', 'Ember', 'Falcon', 'Granite', 'Harbor', 'Iris', 'Juniper']
const trades = ['Dental', 'Logistics', 'Architects', 'Foods', 'Legal', 'Motors', 'Textiles', 'Clinics']

/** The company behind an organization, as ConnectWise calls it. */
export const nameOf = (n: number): string =>
  `${owners[n % 10]} ${trades[(n + Math.floor(n / 10)) % 8]} ${1 + Math.floor(n / 10)}`

function monthsBetween(from: Month, to: Month): number {
  for (let at = -24; at <= 24; at++) if (shiftMonth(from, at) === to) return at
  throw new Error(`${to} is too far from ${from}`)
}

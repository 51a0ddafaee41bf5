import type { Agreement, Company } from './existing.ts'
import { cadenceOf } from './lines/cadence.ts'
import type { Day } from './period.ts'

/** One thing billing needs of a record: whether it is so, and what to do when it is not. */
export interface Finding {
  what: string
  ok: boolean
  fix: string
}

/**
 * What an agreement needs to be billed as the sources say (FEATURES P17). `paid` are the currencies of money to be
 * written, `cadences` how often invoice lines are charged, in their sources' words.
 */
export function agreementHealth(
  agreement: Agreement,
  {
    today,
    currency,
    paid,
    cadences = [],
  }: { today: Day; currency: string | undefined; paid: readonly string[]; cadences?: readonly string[] },
): Finding[] {
  const own = agreement.currency ?? currency
  return [
    activeFinding(agreement, today),
    billProductsFinding(agreement, 'Set Bill Products to Billable on the agreement and its type'),
    cycleFinding(agreement, cadences),
    currencyFinding(own, paid),
    {
      what: agreement.nextInvoiceOn ? `Next invoice: ${agreement.nextInvoiceOn}` : 'No next invoice date',
      ok: agreement.nextInvoiceOn !== undefined,
      fix: 'Set a billing cycle and a billing start date, so that ConnectWise knows when to invoice.',
    },
    prorateFinding(agreement),
    ...parentFinding(agreement),
  ]
}

/** How a new agreement of a type will be billed, before there is one (FEATURES P17). */
export const agreementTypeHealth = (type: Pick<Agreement, 'billProducts' | 'billingCycle' | 'prorate'>): Finding[] => [
  billProductsFinding(type, 'Set Bill Products to Billable on the agreement type'),
  cycleFinding(type),
  prorateFinding(type),
]

const billProductsFinding = ({ billProducts }: Pick<Agreement, 'billProducts'>, fix: string): Finding => ({
  what: `Bill Products: ${billProducts || 'not set'}`,
  ok: billProducts === 'Billable',
  fix: `${fix}; otherwise additions are not invoiced.`,
})

const prorateFinding = ({ prorate }: Pick<Agreement, 'prorate'>): Finding => ({
  what: prorate ? 'Prorate: on' : 'Prorate: off, so a part of a period is billed as a whole one',
  ok: true,
  fix: '',
})

function activeFinding({ status, startOn, endOn }: Agreement, today: Day): Finding {
  const ended = endOn !== undefined && endOn < today
  const early = startOn !== undefined && startOn > today
  const dates = ended ? `, ended on ${endOn}` : early ? `, starts on ${startOn}` : ''
  return {
    what: `Status: ${status}${dates}`,
    ok: status === 'Active' && !ended,
    fix: 'Nothing is written to an agreement that is not active: reactivate it, or map to another one.',
  }
}

function cycleFinding({ billingCycle }: Pick<Agreement, 'billingCycle'>, cadences: readonly string[] = []): Finding {
  const others = cadences.filter((one) => cadenceOf(one) !== cadenceOf(billingCycle))
  if (cadences.length > 0)
    return {
      what: `Billing cycle: ${billingCycle || 'not set'}`,
      ok: others.length === 0,
      fix: `Its invoice lines are charged ${others.join(', ')}: use an agreement that bills as often.`,
    }
  return {
    what: `Billing cycle: ${billingCycle || 'not set'}`,
    ok: /^monthly\b/i.test(billingCycle),
    fix: 'The sources count by month: bill monthly, or make sure that a month’s count is what this cycle bills.',
  }
}

function currencyFinding(own: string | undefined, paid: readonly string[]): Finding {
  const others = paid.filter((one) => one !== own)
  return {
    what: `Currency: ${own ?? 'not set'}`,
    ok: own !== undefined && others.length === 0,
    fix:
      own === undefined
        ? 'Choose one under Recurring Invoicing Parameters, Currency.'
        : `The source bills in ${others.join(', ')}: choose that currency under Recurring Invoicing Parameters, or write quantities only.`,
  }
}

const parentFinding = ({ parentId }: Agreement): Finding[] =>
  parentId === undefined ? [] : [{ what: `Child of agreement ${parentId}: invoiced with it`, ok: true, fix: '' }]

/** What a company needs to have agreements billed (FEATURES P18). What was not asked of ConnectWise is left out. */
export function companyHealth(company: Company): Finding[] {
  const { name, identifier, statusName, types, hasSite } = company
  return [
    { what: `Name: ${name || 'none'}`, ok: name.trim() !== '', fix: 'Give the company a name.' },
    {
      what: `Company id: ${identifier || 'none'}`,
      ok: identifier !== '' && !/\s/.test(identifier),
      fix: 'Use an id without spaces.',
    },
    {
      what: `Status: ${company.deleted ? 'deleted' : statusName || 'none'}`,
      ok: !company.deleted && statusName === 'Active',
      fix: 'Set the company’s status to Active.',
    },
    ...(types === undefined
      ? []
      : [
          {
            what: `Type: ${types.join(', ') || 'none'}`,
            ok: types.includes('Customer') || types.includes('Client'),
            fix: 'Add the type Customer.',
          },
        ]),
    ...(hasSite === undefined
      ? []
      : [{ what: hasSite ? 'Site: yes' : 'Site: none', ok: hasSite, fix: 'Add a site with the billing address.' }]),
  ]
}

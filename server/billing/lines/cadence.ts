import type { BillingOption } from '#billing/existing.ts'

const words: readonly [BillingOption, readonly string[]][] = [
  ['Weekly', ['weekly', 'week', 'p1w', 'p7d']],
  ['BiWeekly', ['biweekly', 'twoweekly', 'p2w', 'p14d']],
  ['Monthly', ['monthly', 'month', '1month', 'p1m']],
  ['BiMonthly', ['bimonthly', '2months', 'p2m']],
  ['Quarterly', ['quarterly', 'quarter', '3months', 'p3m']],
  ['SemiAnnual', ['semiannual', 'semiannually', 'halfyearly', '6months', 'p6m']],
  ['Yearly', ['yearly', 'year', 'annual', 'annually', '1year', '12months', 'p1y', 'p12m']],
]

const cadences = new Map(words.flatMap(([option, names]) => names.map((name) => [name, option] as const)))

/** How often something is billed, as far as the words of a source or of ConnectWise tell: `Annual`, `P1Y`, `Yearly`. */
export const cadenceOf = (text: string): BillingOption | undefined =>
  cadences.get(text.toLowerCase().replace(/[^a-z0-9]/g, ''))

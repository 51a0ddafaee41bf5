/** One behaviour that TrueUp must show: its id, whose users know it, and what it is. */
export interface Feature {
  id: string
  /** IN INFIMA, CP CONTROL PANEL, PH Phin, AX AppXite; ours: what none of them does. */
  from: readonly string[]
  words: string
  /** Built already; the others are listed, and may still lack a test. */
  built: boolean
}

/** Every vendor's behaviour and our own, one a line: id, whose, words. */
const table = `
K1 IN,AX,CP,PH four credentials
K2 IN,AX,CP,PH where the API keys come from
K3 PH,CP,AX where company id and address come from
K4 AX,IN test connection with two outcomes
K5 IN,PH saving tests; Connected
K6 AX,CP,PH a save leads to the next step
K7 IN,AX an expired key ends Connected
K8 IN,AX,CP,PH least privilege, right by right
K9 IN INFIMA's role
K10 AX AppXite's role
K11 PH Phin's role
K12 AX,IN the test proves the rights
K13 AX,CP,PH nothing else before credentials
K14 AX a banner until an agreement type is chosen
K15 CP disconnecting removes nothing
K16 IN,AX one integration, nothing shared
K17 IN,AX,CP,PH settings are for administrators
K18 IN,AX,PH the API member's recipe
K19 IN,AX,PH the security role's recipe
K20 IN one connection, many mappings
S1 CP,AX,PH guided set-up
S2 CP,AX type of export
S3 CP,IN,AX,PH each kind of data its own switch
S4 CP SKUs become products
S5 CP,IN,AX,PH quantity alone
S6 CP,AX,IN cost of addition and product
S7 CP,AX retail price
S8 CP the list of users on the agreement
S9 IN,PH one product for all
S10 AX the agreement type is mandatory
S11 IN,CP overwrite cost
S12 IN prorate
S13 AX,CP,IN automatic daily sync
S14 AX charge types renamed
S15 AX dictionary
S16 AX best practice beside the mapping
S17 IN,PH prerequisites checked
S18 CP mapping and export on separate tabs
S19 CP users as contacts, no message to them
S20 AX,PH one Save; picks save themselves
S21 CP one button on the first visit
M1 IN,AX,CP,PH account to company by search
M2 IN,AX,CP,PH agreement of that company
M3 IN,PH addition of that agreement
M4 PH,AX a pick saves itself
M5 CP,AX create companies and agreements
M6 CP suggestions
M7 CP the tick per account
M8 AX excluded at first sight
M9 AX many accounts on one company
M10 AX only what is invoiced is listed
M11 AX only active companies
M12 AX offers of one to three months
M13 AX products by id and description
M14 PH accounts with their users of the period
M15 AX organisations, products, lines
M16 AX one row edited in place
M17 AX bulk update
M18 AX mapping status per line
M19 AX,CP,IN mapping again moves nothing
M20 IN renaming is safe
M21 IN a deleted target parks
M22 IN a deleted company is skipped
M23 AX cross references in custom fields
M24 AX a product's cross reference
M25 IN one count, several additions
M26 AX refresh from ConnectWise
M27 AX,IN,PH an agreement of another company
M28 AX a missing agreement type explained
M29 AX the account's own number
M30 AX the catalogue is the truth
M31 IN additions of the product first
P1 IN,PH,CP count to quantity
P2 AX lines to additions
P3 AX start and end to dates
P4 AX end rules
P5 AX start rules
P6 AX badges
P7 AX a one-time line ends with its month
P8 AX a recurring line stays open
P9 AX rules act on loading
P10 AX one addition per subscription
P11 AX texts on the invoice
P12 AX a chosen agreement wins
P13 AX,CP one new agreement where none is chosen
P14 AX custom invoices are corrections
P15 AX cancelled subscriptions
P16 AX currencies
P17 AX an agreement's health
P18 AX a company's health
P19 IN,AX,CP,PH no invoices, quotes or tickets
P20 IN,PH nothing else is touched
P21 AX the fields of an addition explained
P22 PH,IN,AX the billing period's counts
P23 AX,IN,CP,PH one row on the Additions tab, and which invoice it lands on
P24 AX custom names marked
P25 AX the source stays as it is
R1 IN off: a whole month
R2 IN on: a dated line for the newcomers
R3 IN ended after invoicing
X1 IN,AX,CP every night
X2 AX,CP,PH everything now
X3 PH,CP any day of the month
X4 AX,PH one row
X5 AX,CP selected rows
X6 AX,CP,PH each row's outcome
X7 PH check or cross per company
X8 AX unmapped rows are counted
X9 AX synced lines are locked
X10 AX,IN,CP,PH a correction by hand stays
X11 AX dashboard tiles
X12 CP the next run
X13 CP,AX the last run
X14 AX,CP logs
X15 AX four tiles over the logs
X16 AX show and load
X17 AX load scope
X18 IN,AX,PH how to know it worked
X19 IN,AX why it did not run
X20 IN,AX one gone customer stops nobody
X21 AX,PH try that one again
Q1 AX side by side
Q2 AX common issues
Q3 AX the wrong agreement
Q4 AX duplicates
Q5 AX ConnectWise's own reconciliation
Q6 AX,IN,PH the product's recipe
Q7 AX the agreement type's recipe
Q8 AX who does what
Q9 PH,AX help one click away
Q10 AX the currency's recipe
Q11 AX the invoicing recipe
Q12 AX the custom fields' recipe
Q13 IN frequent questions
Q14 AX correcting a line by hand
Q15 AX the company's recipe
V1 ours,later the reviewed plan, and exactly that
V2 ours,later unknown is not zero
V3 ours,later who is in this number
V4 ours,later a person's edit is a choice
V6 ours adopt, never duplicate
V7 ours floor, ceiling, included, packs
V12 ours many to many, by rule
V17 ours a month beside that month
V18 ours,later runs that resume
V19 ours term in the key
V20 ours pickers that explain
V21 ours move to the right agreement
V22 ours proration shown before it is on
V23 ours,later configuration as a file
`

/** The eleven scenarios and the worked examples of proration. */
const examples = [
  ...Array.from({ length: 11 }, (_, i) => ({ id: `E${i + 1}`, words: 'a scenario of billing' })),
  ...Array.from({ length: 23 }, (_, i) => ({ id: `PR${i + 1}`, words: 'a worked example of proration' })),
].map((example) => ({ ...example, from: ['ours'], built: true }))

export const features: readonly Feature[] = [
  ...table
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', whose = '', ...words] = line.split(' ')
      const from = whose.split(',')
      const built = !from.includes('later')
      return { id, from: from.filter((one) => one !== 'later'), words: words.join(' '), built }
    }),
  ...examples,
]

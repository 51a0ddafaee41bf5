/** Something the marketplace sells: what one of it costs and sells for, in US dollars. */
export interface Offer {
  id: string
  name: string
  /** How the sandbox's catalogue calls it; absent: nobody made a product yet. */
  product?: string
  cost: number
  price: number
}

const families: readonly [string, readonly [string, string, number, number][]][] = [
  [
    'CFQ7TTC0LH',
    [
      ['M365 Business Basic', 'MP-M365-BB', 4.8, 6],
      ['M365 Business Standard', 'MP-M365-BS', 10, 12.5],
      ['M365 Business Premium', 'MP-M365-BP', 17.6, 22],
      ['M365 Apps for business', 'MP-M365-APPS', 6.6, 8.25],
      ['M365 E3', 'MP-M365-E3', 28.8, 36],
      ['M365 E5', 'MP-M365-E5', 45.6, 57],
      ['M365 F3', 'MP-M365-F3', 6.4, 8],
      ['Office 365 E1', 'MP-O365-E1', 8, 10],
      ['Exchange Online Plan 1', 'MP-EXO-1', 3.2, 4],
      ['Exchange Online Plan 2', 'MP-EXO-2', 6.4, 8],
      ['Defender for Business', 'MP-DFB', 2.4, 3],
      ['Defender for Office 365 P1', 'MP-DFO-1', 1.6, 2],
      ['Entra ID P1', 'MP-ENTRA-1', 4.8, 6],
      ['Entra ID P2', 'MP-ENTRA-2', 7.2, 9],
      ['Intune Plan 1', 'MP-INTUNE', 6.4, 8],
      ['Teams Phone Standard', 'MP-TEAMS-PH', 6.4, 8],
      ['Power BI Pro', 'MP-PBI-PRO', 8, 10],
      ['Visio Plan 2', 'MP-VISIO-2', 12, 15],
      ['Project Plan 3', 'MP-PROJ-3', 24, 30],
      ['Copilot for M365', 'MP-COPILOT', 24, 30],
    ],
  ],
  [
    'ACR-BKP-',
    [
      ['Cyber Backup Workstation', 'MP-BKP-WS', 3.1, 5.5],
      ['Cyber Backup Server', 'MP-BKP-SRV', 14, 24],
      ['Cyber Backup M365 Seat', 'MP-BKP-M365', 0.95, 2],
      ['Cyber Backup Storage, GB', 'MP-BKP-GB', 0.02, 0.04],
      ['Email Security Seat', 'MP-MAIL-SEC', 1.1, 2.25],
      ['EDR Endpoint', 'MP-EDR', 2.6, 4.75],
      ['Security Awareness Seat', 'MP-SAT', 0.9, 1.99],
      ['Password Vault Seat', 'MP-VAULT', 1.8, 3.5],
      ['DNS Filter Seat', 'MP-DNS', 0.75, 1.5],
      ['SOC Monitoring Endpoint', 'MP-SOC', 4.2, 7.9],
    ],
  ],
  [
    'DOM-SRV-',
    [
      ['Domain, yearly', 'MP-DOMAIN', 9.5, 15],
      ['TLS Certificate', 'MP-TLS', 32, 60],
      ['Static IP', 'MP-IP', 3, 5],
      ['Azure Consumption', 'MP-AZURE', 0.85, 1],
      ['SIP Minutes', 'MP-SIP', 0.01, 0.02],
      ['Onboarding', 'MP-ONB', 0, 150],
      ['Data Migration, mailbox', 'MP-MIG', 8, 18],
      ['Hardware Token', 'MP-TOKEN', 18, 29],
      ['Training Day', '', 300, 650],
      ['Loan Laptop', '', 22, 39],
    ],
  ],
]

/** Forty offers; for the last two the catalogue has no product. */
export const offers: readonly Offer[] = families.flatMap(([prefix, rows]) =>
  rows.map(([name, product, cost, price], index) => ({
    id: `${prefix}${String(index + 1).padStart(2, '0')}`,
    name,
    ...(product === '' ? {} : { product }),
    ...{ cost, price },
  })),
)

const named = (...names: readonly string[]): readonly Offer[] => offers.filter(({ name }) => names.includes(name))

/** What is sold by the seat, by use, by piece and once. */
export const seats = offers.slice(0, 20).concat(offers.slice(24, 30))
export const metered = named('Cyber Backup Storage, GB', 'Azure Consumption', 'SIP Minutes')
export const pieces = named('Cyber Backup Workstation', 'Cyber Backup Server', 'Static IP', 'Hardware Token')
export const once = named('Onboarding', 'Data Migration, mailbox', 'TLS Certificate', 'Domain, yearly')

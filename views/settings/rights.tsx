import { Badge } from '#views/badge.tsx'
import { Table } from '#views/table.tsx'

/** One right of the API member's role with its reason, and whether a call has just shown it. */
export interface RightRow {
  right: string
  neededFor: string
  optional: boolean
  state: 'granted' | 'missing' | 'unproven'
  cause: string
}

/** What the API member may do now, tried this moment (K12). */
export const RightsTable = ({ rights, writtenOn }: { rights: readonly RightRow[]; writtenOn?: string }) => (
  <Table caption="Rights of the API member" columns={[{ text: 'Right' }, { text: 'Needed for' }, { text: 'Now' }]}>
    <tbody>
      {rights.map(({ right, neededFor, optional, ...found }) => (
        <tr>
          <td class="name">{right}</td>
          <td class="reason">
            {neededFor}
            {optional && <span class="quiet"> (optional)</span>}
          </td>
          <td class="state">
            <Found {...found} optional={optional} />
          </td>
        </tr>
      ))}
      <tr>
        <td class="name">Finance › Agreements › Add, Edit All</td>
        <td class="reason">writing quantities</td>
        <td class="state">
          {writtenOn ? (
            <Badge kind="good">Proven by the write of {writtenOn}</Badge>
          ) : (
            <Badge kind="unknown">Shows with the first write</Badge>
          )}
        </td>
      </tr>
    </tbody>
  </Table>
)

const Found = ({ state, optional, cause }: Pick<RightRow, 'state' | 'optional' | 'cause'>) => {
  if (state === 'granted') return <Badge kind="good">Proven now</Badge>
  if (state === 'unproven') return <Badge kind="unknown">Could not be tried: {cause}</Badge>
  return optional ? <Badge kind="off">Not given</Badge> : <Badge kind="bad">Missing</Badge>
}

const smallest = [
  ['Finance › Agreements', 'Add, Edit, Inquire: All', 'reads agreements and additions, writes quantities'],
  ['Companies › Company Maintenance', 'Inquire: All', 'maps accounts to companies'],
  ['Procurement › Product Catalog', 'Inquire: All', 'maps to products'],
  ['Companies › Company Maintenance', 'Add: All', 'optional: makes companies'],
  ['Companies › Contacts', 'Add, Inquire: All', 'optional: makes agreements and contacts'],
  ['Procurement › Product Catalog', 'Add, Edit: All', 'optional: makes products, writes their cost'],
  ['System › API Reports', 'Inquire: All', 'optional: reads all additions in a few requests'],
  ['System › Member Maintenance', 'Inquire: All', 'optional: roles by ConnectWise security role'],
  [
    'System › Table Setup, customised: General / Manage Hosted API',
    'Add, Edit, Inquire: All',
    'optional: registers tabs and pods by itself',
  ],
] as const

/** The smallest role that does everything, right by right (K8). */
export const SmallestRole = () => (
  <>
    <Table
      caption="Smallest role"
      columns={[{ text: 'Module › function' }, { text: 'Level' }, { text: 'What TrueUp does with it' }]}
    >
      <tbody>
        {smallest.map((cells) => (
          <tr>
            {cells.map((cell, i) => (
              <td class={i === 0 ? 'name' : undefined}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
    <p class="hint">
      Everything else is None. Inquire: My would silently hide records, so it must be All. The Admin role works too; the
      small one is safer.
    </p>
  </>
)

/** What the integrations that TrueUp replaces ask for, in our words (K9–K11). */
const vendors = [
  {
    name: "INFIMA's role",
    levels:
      'Company Maintenance: Inquire. Agreements: Add, Edit, Inquire. Product Catalog: Add, Inquire. All the rest: None.',
    verdict: 'Enough for counts.',
  },
  {
    name: "AppXite's role",
    levels:
      'Company Maintenance, Contacts and Accounting Interface: Add, Edit, Inquire. Agreement Invoicing: Add, Inquire. Agreement Sales, Product Catalog and Products: all four. Agreements: Add, Delete, Inquire, with Edit at None.',
    verdict: 'Not enough: with Edit at None on Agreements a quantity cannot be changed. Set Edit to All there.',
  },
  {
    name: "Phin's role",
    levels: 'Company Maintenance: Inquire. Agreements: Edit, Inquire.',
    verdict: 'Enough for quantities of additions that exist, once Product Catalog: Inquire is added.',
  },
]

export const VendorRoles = () => (
  <details>
    <summary>Roles made for other integrations</summary>
    <dl>
      {vendors.map(({ name, levels, verdict }) => (
        <>
          <dt>{name}</dt>
          <dd>
            {levels} <b>{verdict}</b>
          </dd>
        </>
      ))}
    </dl>
  </details>
)

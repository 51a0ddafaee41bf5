import { type Gathered, isOfPerson, type ListedAccount, memberNames, type Plan } from './http-accounts.ts'
import { onPage } from './http-answer.ts'

/** Where a place of the snapshot came from: `page 2: customers[3].seats[0].count`. */
export function placeIn({ accounts }: Gathered, { fields }: Plan, path: string): string {
  const [, account = '', , reading = '', person = '', rest = ''] = pattern.exec(path) ?? []
  const owner = ownerOf(accounts[Number(account || Number.NaN)], reading, person)
  if (!owner) return path
  const [, member = '', more = ''] = /^\.([\w-]+)(.*)$/s.exec(rest) ?? []
  const name = nameOf(member, { isAccount: reading === '', isPerson: person !== '', fields })
  const field = fields.get(name)
  const item = owner.within.at(-1) ?? ''
  if (!field || !('names' in field)) return onPage(owner.page, `${item}${rest}`)
  const names = [...(field.lists[owner.within.length] ?? []), ...field.names]
  const from = owner.within[field.lists.length - 1] ?? item
  return onPage(owner.page, `${[from, ...names].filter(Boolean).join('.')}${more}`)
}

const pattern = /^accounts\[(\d+)\](\.(?:counts|usage|lines)\[(\d+)\](?:\.people\[(\d+)\])?)?(.*)$/s

function ownerOf(account: ListedAccount | undefined, reading: string, person: string) {
  if (reading === '') return account
  const listed = account?.readings[Number(reading)]
  return person === '' ? listed : listed?.people?.[Number(person)]
}

/** The setting that a member of the snapshot was read by. */
function nameOf(
  member: string,
  { isAccount, isPerson, fields }: { isAccount: boolean; isPerson: boolean; fields: Plan['fields'] },
): string {
  if (isAccount) return member === 'name' && fields.has('name') ? 'name' : 'account'
  const renamed = Object.entries(memberNames).find(([name, as]) => as === member && isOfPerson(name) === isPerson)
  return renamed?.[0] ?? member
}

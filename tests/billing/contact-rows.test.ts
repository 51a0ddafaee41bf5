import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ContactCompany, contactRows, emailOf } from '#billing/contact-rows.ts'
import { asText, csvOf } from '#billing/csv.ts'
import { defaultLimits } from '#billing/limits.ts'
import { fileNameOf, usersOf } from '#billing/user-list.ts'

const user = (person: { id: string; name?: string; email?: string }) => ({
  ...{ person, source: 'src', snapshot: 's', account: 'A-17', mappings: ['m'] },
})
const company = (fields: Partial<ContactCompany>): ContactCompany => ({
  ...{ id: 250, name: 'Contoso Ltd', users: [], isWhole: true, contacts: new Map(), deactivates: false },
  ...fields,
})
const named = (name: string, email = 'ann@x.example') => {
  const [row] = contactRows([company({ users: [user({ id: 'u', name, email })] })], defaultLimits)
  return row?.draft?.record === 'contact' ? [row.draft.firstName, row.draft.lastName] : undefined
}

describe('a user as a contact (S19)', () => {
  it.each([
    ['Ann Lee', 'Ann', 'Lee'],
    ['Ann Marie Lee', 'Ann Marie', 'Lee'],
    ['Lee, Ann Marie', 'Ann Marie', 'Lee'],
    ['  Ann\u2028 Lee ', 'Ann', 'Lee'],
    ['Ann', 'Ann', undefined],
    ['', 'ann', undefined],
    ['X'.repeat(40), 'X'.repeat(30), undefined],
  ])('%s has these names', (name, first, last) => {
    expect(named(name)).toEqual([first, last])
  })

  it.each(['', 'ann', 'ann@', '@x.example', 'a b@x.example', 'a@b', 'a@b@c.example', `${'a'.repeat(250)}@x.example`])(
    '%s is no address',
    (email) => {
      expect(emailOf({ id: 'u', email })).toBeUndefined()
    },
  )

  it('becomes one row per address, however it is written and however often it comes, and none for who is one already', () => {
    const address = fc.constantFrom('ann@x.example', 'ANN@X.example', ' ann@x.example', 'bob@x.example', 'nobody')
    fc.assert(
      fc.property(fc.array(address), fc.boolean(), (emails, isKnown) => {
        const users = emails.map((email, i) => user({ id: `u${i}`, email }))
        const contacts = new Map(isKnown ? [['bob@x.example', { contactId: 9, isOurs: false, inactive: true }]] : [])
        const rows = contactRows([company({ users, contacts })], defaultLimits)
        const wanted = new Set(users.flatMap(({ person }) => emailOf(person) ?? []))
        if (isKnown) wanted.delete('bob@x.example')
        expect(rows.map(({ key }) => key).sort()).toEqual([...wanted].map((email) => `contact:250/${email}`).sort())
      }),
      { numRuns: 1000 },
    )
  })

  it('that left is set inactive only when all users are known and TrueUp made the contact', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), (isWhole, deactivates, isOurs, inactive) => {
        const contacts = new Map([['old@x.example', { contactId: 9, isOurs, inactive }]])
        const users = [user({ id: 'u', email: 'nobody' })]
        const rows = contactRows([company({ users, isWhole, deactivates, contacts })], defaultLimits)
        expect(rows.length).toBe(isWhole && deactivates && isOurs && !inactive ? 1 : 0)
      }),
    )
  })
})

describe('the list of users', () => {
  it('counts whoever is in any of the numbers, each person once', () => {
    const one = {
      what: 'users',
      parts: [],
      people: [{ person: { id: 'a' }, why: 'left out' }, { person: { id: 'b' } }],
    }
    const other = { what: 'admins', parts: [], people: [{ person: { id: 'a' } }] }
    expect(usersOf([one, other]).map(({ person, why }) => [person.id, why])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ])
  })

  it('FILE 1–6: no cell of it begins like a formula, whatever the source said, and quoting keeps every cell', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('=1+1', '+1', '-1+2', '@SUM(A1)', '\t=1', '\u0000=1', 'a\r\n=1', 'a;=1', 'a; "@SUM', '"'),
    )
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        for (const text of rows.flat()) expect(asText(text)).not.toMatch(/^[=+\-@\t\r\n\0]|[;\r\n][" ]*[=+\-@\t\0]/)
        expect(parsed(csvOf(rows))).toEqual(rows.map((row) => row.map(asText)))
      }),
      { numRuns: 1000 },
    )
  })

  it('has a file name that no account can leave, and another one for every account', () => {
    fc.assert(
      fc.property(fc.string(), (account) => {
        expect(fileNameOf(account, '2026-11', () => 'abcdef0123')).toMatch(
          /^trueup-users-[A-Za-z0-9._-]*-2026-11\.csv$/,
        )
      }),
    )
    const digest = (text: string) => String(text.length).padStart(8, '0')
    expect(fileNameOf('a/b', '2026-11', digest)).not.toBe(fileNameOf('a-b', '2026-11', digest))
  })
})

/** RFC 4180, read back. */
function parsed(text: string): string[][] {
  const rows: string[][] = []
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false]
  for (let i = 0; i < text.length; i++) {
    const [now, next] = [text[i], text[i + 1]]
    if (quoted && now === '"' && next === '"') cell += text[i++]
    else if (now === '"') quoted = !quoted
    else if (!quoted && now === ',') [row, cell] = [[...row, cell], '']
    else if (!quoted && now === '\r' && next === '\n') {
      rows.push([...row, cell])
      ;[row, cell] = [[], '']
      i++
    } else cell += now
  }
  return rows
}

import type { InvoiceLine } from '#billing/lines/line.ts'
import type { Person } from '#billing/reading.ts'
import type { Place } from '#server/problem.ts'
import type { ReceivedAccount, ReceivedReading } from './contract.ts'
import { isTooLarge, tooLarge } from './snapshot.ts'

interface Head {
  id: string
  name: string
}

interface Refused {
  row: number
  reasons: string[]
}

interface Entry {
  row: number
  account: string
  is: ReceivedReading | InvoiceLine
  /** Another row says something else of the same thing: neither counts. */
  isDoubtful: boolean
}

interface Gathered extends Head {
  row: number
  entries: Entry[]
  people: Map<string, Person[]>
}

export type Accounts = ReturnType<typeof createAccounts>

/** Gathers rows by account; every `add` says which rows contradict each other. */
export function createAccounts() {
  const accounts = new Map<string, Gathered>()
  const entries = new Map<string, Entry>()
  const users = new Map<string, number>()

  const find = (row: number, { id, name }: Head): Gathered | Refused => {
    const known = accounts.get(id)
    if (!known) return { id, name, row, entries: [], people: new Map() }
    return known.name === name
      ? known
      : { row, reasons: [`Account ${id} is called ${known.name} in row ${known.row}: one id must have one name`] }
  }

  return {
    /** A number or invoice line; when it was said before, neither row is right, but for a line in the same words. */
    add(row: number, head: Head, is: ReceivedReading | InvoiceLine): Refused[] {
      const account = find(row, head)
      if ('reasons' in account) return [account]
      const identity = identityOf(head.id, is)
      const before = entries.get(identity)
      if (before && isLine(is) && before.account === head.id && JSON.stringify(before.is) === JSON.stringify(is))
        return []
      if (before) {
        const first = before.isDoubtful ? [] : [{ row: before.row, reasons: [`is repeated by row ${row}`] }]
        before.isDoubtful = true
        return [...first, { row, reasons: [`repeats row ${before.row}`] }]
      }
      const entry = { row, account: head.id, is, isDoubtful: false }
      entries.set(identity, entry)
      account.entries.push(entry)
      accounts.set(head.id, account)
      return []
    },

    /** A user, who is counted once however often they are listed. */
    addUser(row: number, head: Head, metric: string, user: Person): Refused[] {
      const account = find(row, head)
      if ('reasons' in account) return [account]
      const identity = JSON.stringify([head.id, metric, user.id.includes('@') ? user.id.toLowerCase() : user.id])
      const before = users.get(identity)
      if (before !== undefined) return [{ row, reasons: [`repeats the user of row ${before}, who is counted once`] }]
      users.set(identity, row)
      const people = account.people.get(metric)
      if (people) people.push(user)
      else account.people.set(metric, [user])
      accounts.set(head.id, account)
      return []
    },

    /** The accounts, without what is doubtful; and those that are too large to be stored. */
    end(): { read: ReceivedAccount[]; refused: Place[] } {
      const all = [...accounts.values()].map(accountOf).filter(({ readings, lines }) => readings.length > 0 || lines)
      const large = all.filter(isTooLarge)
      return {
        read: all.filter((account) => !large.includes(account)),
        refused: large.map(({ id }) => ({ path: `account ${id}`, message: tooLarge })),
      }
    },
  }
}

const isLine = (one: ReceivedReading | InvoiceLine): one is InvoiceLine => 'chargeType' in one

/** What two rows must not both say; a line's id is its identity for the whole source. */
const identityOf = (account: string, is: ReceivedReading | InvoiceLine): string =>
  isLine(is) ? JSON.stringify([is.id]) : JSON.stringify([account, is.name, is.term ?? null, is.subscription ?? null])

function accountOf({ id, name, entries, people }: Gathered): ReceivedAccount {
  const good = entries.filter(({ isDoubtful }) => !isDoubtful).map(({ is }) => is)
  const lines = good.filter(isLine)
  const numbers = good.filter((one): one is ReceivedReading => !isLine(one))
  const counted = [...people].map(
    ([metric, users]): ReceivedReading => ({
      kind: 'metric',
      name: metric,
      quantity: String(users.length),
      people: users,
    }),
  )
  return { id, name, readings: [...numbers, ...counted], ...(lines.length > 0 ? { lines } : {}) }
}

import { csvOf } from './csv.ts'
import { oneLine } from './one-line.ts'
import type { Behind, Counted } from './people.ts'
import type { Month } from './period.ts'

const columns = ['account id', 'account name', 'user id', 'name', 'e-mail', 'services', 'counted', 'reason']

/** Everybody behind the numbers of one account, each once: whoever is in any of them is counted. The counted come first. */
export function usersOf(behind: readonly Behind[]): Counted[] {
  const found = new Map<string, Counted>()
  for (const one of behind.flatMap(({ people }) => people)) {
    const known = found.get(one.person.id)
    if (!known || (known.why !== undefined && one.why === undefined)) found.set(one.person.id, one)
  }
  const all = [...found.values()]
  return [...all.filter(({ why }) => why === undefined), ...all.filter(({ why }) => why !== undefined)]
}

/** The list of users as a spreadsheet reads it (FEATURES 4.12). */
export const userListCsv = (account: { id: string; name: string }, users: readonly Counted[]): string =>
  csvOf([columns, ...users.map((user) => rowOf(account, user))])

const rowOf = ({ id, name }: { id: string; name: string }, { person, why }: Counted): string[] => [
  id,
  name,
  person.id,
  person.name ?? '',
  person.email ?? '',
  person.services?.join(';') ?? '',
  why === undefined ? 'yes' : 'no',
  why ?? '',
]

const longestTitle = 100

/** How the document is called in ConnectWise, and its file (FEATURES 4.12). */
export const titleOf = (source: string, period: Month): string =>
  `Users ${oneLine(source).slice(0, longestTitle)} ${period}`

/** `digest` tells apart accounts whose ids differ only in what a file name cannot hold. */
export function fileNameOf(account: string, period: Month, digest: (text: string) => string): string {
  const plain = account.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, longestTitle)
  const named = plain === account ? account : `${plain}-${digest(account).slice(0, 8)}`
  return `trueup-users-${named}-${period}.csv`
}

import { readAccount } from '#sync/mapping/account-state.ts'
import { givenContoso } from '../given.ts'
import { signIn } from '../session/signed-in.ts'
import type { Options } from '../start.ts'
import type { Open } from '../stores.ts'

/** Contoso's sandbox with accounts nobody mapped yet, and people who look at the grid. */
export async function givenGrid(open: Open, options: Options = {}) {
  const app = await givenContoso(open, 10, options)
  await app.say({ 'A-17': 12, 'B/2': 3 })
  const finance = await signIn(app, { member: 'ffin', role: 'finance' })
  const key = (account: string) => ({ sourceId: 'src', account })
  const stateOf = async (account: string) => (await readAccount(app.scope, key(account))).state
  const versionOf = async (account: string) => (await readAccount(app.scope, key(account))).version

  /** Does what the row's picker or button does, from the state the row shows. */
  const post = async (path: string, account: string, fields: Record<string, string>, version?: string) => {
    const form = { source: 'src', account, version: version ?? (await versionOf(account)), ...fields }
    const response = await finance.ask('POST', path, form)
    return { status: response.status, html: await response.text() }
  }
  const get = async (path: string, by = finance) => {
    const response = await by.ask('GET', path)
    return { status: response.status, html: await response.text() }
  }
  return { ...app, finance, stateOf, versionOf, post, get }
}

/** The number under which the change of this row can be undone. */
export const undoOf = (html: string): string => /&quot;seq&quot;:&quot;(\d+)&quot;/.exec(html)?.[1] ?? ''

type Sandbox = Awaited<ReturnType<typeof givenContoso>>
const listOf = { company: /^\/company\/companies\?/, agreement: /^\/finance\/agreements\?/ }

/** Keeps records from one member, as the level My of their role does in ConnectWise. */
export function hideFrom(
  { manage }: Pick<Sandbox, 'manage'>,
  member: string,
  kind: keyof typeof listOf,
  ids: readonly number[],
): void {
  manage.faults.add({
    match: { path: listOf[kind] },
    fault: {
      name: `${kind} ${ids} kept from ${member}`,
      answer: async ({ request }, pass) => {
        const answer = await pass()
        if (!request.headers.get('cookie')?.includes(`memberId=${member}`)) return answer
        const rows: unknown = await answer.json()
        const kept = Array.isArray(rows) ? rows.filter(({ id }: { id: number }) => !ids.includes(id)) : rows
        return Response.json(kept, { status: answer.status })
      },
    },
  })
}

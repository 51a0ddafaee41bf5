import * as z from 'zod'
import { addressOf, type Query } from './address.ts'
import type { Answer } from './answer.ts'
import { createCodebase } from './codebase.ts'
import { writeCondition } from './conditions.ts'
import type { Effects } from './effects.ts'
import { exchange } from './exchange.ts'
import { type Form, formsOf, type Instance, type MemberAuthentication } from './member-forms.ts'
import { id, money, text } from './wire.ts'

export type { Instance, MemberAuthentication } from './member-forms.ts'

/** What ConnectWise told; `refused`: it does not take this authentication; `unreachable`: it could not be asked. */
export type Told<T> = { outcome: 'told'; value: T } | { outcome: 'refused' } | { outcome: 'unreachable' }

/** Who a member is by ConnectWise's own word; `active` only when it says so. */
export interface Member {
  id: number
  identifier: string
  name: string
  active: boolean
}

export type RecordKind = 'company' | 'agreement'

/** ConnectWise as one of its members may see it. Nothing is repeated: a person waits. */
export interface MemberView {
  identify(): Promise<Told<Member>>
  /** Those of at most 200 records that the member may read. */
  readable(kind: RecordKind, ids: readonly number[]): Promise<Told<ReadonlySet<number>>>
  /** Whether the member may read companies or agreements at all. */
  readsRecords(): Promise<Told<boolean>>
  /** Whether the member is shown the prices of an agreement's additions; `no-additions`: there is none to tell by. */
  pricesOf(agreementId: number): Promise<Told<PricesSeen>>
}

type PricesSeen = 'shown' | 'hidden' | 'no-additions'

const timeoutMs = 15_000
/** ConnectWise's own page size, to which it may fall back. */
const shortestPage = 25
const paths = { company: '/company/companies', agreement: '/finance/agreements' }

const memberRecord = z
  .object({ id, identifier: z.string(), firstName: text, lastName: text, inactiveFlag: z.boolean().nullish() })
  .transform(
    (found): Member => ({
      id: found.id,
      identifier: found.identifier,
      name: `${found.firstName} ${found.lastName}`.trim() || found.identifier,
      active: found.inactiveFlag === false,
    }),
  )
const idRecords = z.array(z.object({ id }))
const pricedRecords = z.array(z.object({ id, unitPrice: money }))

/** Calls as the members of one instance. Keep it as long as the process: it learns which form ConnectWise takes. */
export function asMembers(instance: Instance, effects: Effects): (as: MemberAuthentication) => MemberView {
  const ask = createAsk(instance, effects)
  return (as) => ({
    identify: async () => told(await ask(as, '/system/myMembers/info'), memberRecord),
    readable: (kind, ids) => readable((query) => ask(as, paths[kind], query), ids),
    readsRecords: async () => {
      const companies = await isReadable(ask(as, paths.company, { fields: 'id', pageSize: 1 }))
      const mayAsk = companies.outcome === 'told' && !companies.value
      return mayAsk ? isReadable(ask(as, paths.agreement, { fields: 'id', pageSize: 1 })) : companies
    },
    pricesOf: (agreementId) =>
      pricesIn(ask(as, `${paths.agreement}/${agreementId}/additions`, { fields: 'id,unitPrice', pageSize: 1 })),
  })
}

/** A list that was cut short shows in its last id: what comes after it is asked for again. */
async function readable(
  ask: (query: Query) => Promise<Answer>,
  ids: readonly number[],
): Promise<Told<ReadonlySet<number>>> {
  const conditions = writeCondition({ field: 'id', in: ids })
  const answer = await ask({ conditions, fields: 'id', orderBy: 'id asc', pageSize: 1000 })
  if (isWithoutRight(answer)) return { outcome: 'told', value: new Set() }
  const rows = told(answer, idRecords)
  if (rows.outcome !== 'told') return rows
  const found = rows.value.map((row) => row.id)
  const after = found.length < shortestPage ? [] : ids.filter((id) => id > Math.max(...found))
  const rest = after.length > 0 ? await readable(ask, after) : undefined
  return rest === undefined || rest.outcome === 'told'
    ? { outcome: 'told', value: new Set([...found, ...(rest?.value ?? [])]) }
    : rest
}

/** Asks in the form that worked last, else in each until one is taken. */
function createAsk(instance: Instance, effects: Effects) {
  const forms = formsOf(instance)
  const codebase = createCodebase(instance, effects, () => undefined)
  let taken: Form | undefined

  const askIn = async (form: Form, as: MemberAuthentication, address: string): Promise<Answer> => {
    const url = `${form.origin}/${codebase.current()}apis/3.0${address}`
    const headers = { accept: 'application/json', clientid: instance.clientId, ...form.headers(as) }
    return (await exchange(effects, url, { method: 'GET', headers }, timeoutMs)).answer
  }
  const askInEach = async (as: MemberAuthentication, address: string): Promise<Answer> => {
    const answers: Answer[] = []
    for (const form of [...(taken ? [taken] : []), ...forms.filter((other) => other !== taken)]) {
      const answer = await askIn(form, as, address)
      if (answer.kind === 'ok') taken = form
      if (taken === form && !isRefusal(answer)) return answer
      answers.push(answer)
    }
    const told = answers.find(isWithoutRight) ?? answers.find(isRefusal) ?? answers[0]
    return told ?? { kind: 'failed', status: undefined, message: 'nobody was asked' }
  }
  return async (as: MemberAuthentication, path: string, query: Query = {}): Promise<Answer> => {
    const before = codebase.current()
    const answer = await askInEach(as, addressOf(path, query))
    if (answer.status !== 404) return answer
    await codebase.checkAgain()
    return codebase.current() === before ? answer : askInEach(as, addressOf(path, query))
  }
}

/** A role without the right answers 403; so may something before a host that takes no such calls. */
const isWithoutRight = (answer: Answer): boolean => answer.kind === 'forbidden' && answer.status === 403
const isRefusal = (answer: Answer): boolean => answer.kind === 'forbidden' && answer.status === 401

async function isReadable(asked: Promise<Answer>): Promise<Told<boolean>> {
  const answer = await asked
  if (answer.kind === 'missing' || isWithoutRight(answer)) return { outcome: 'told', value: false }
  const rows = told(answer, idRecords)
  return rows.outcome === 'told' ? { ...rows, value: true } : rows
}

/** The level My answers an empty list, and a field that is kept from the member is missing in its record. */
async function pricesIn(asked: Promise<Answer>): Promise<Told<PricesSeen>> {
  const answer = await asked
  if (answer.kind === 'missing' || isWithoutRight(answer)) return { outcome: 'told', value: 'hidden' }
  const rows = told(answer, pricedRecords)
  if (rows.outcome !== 'told') return rows
  const isShown = rows.value.every(({ unitPrice }) => unitPrice !== undefined)
  return { outcome: 'told', value: rows.value.length === 0 ? 'no-additions' : isShown ? 'shown' : 'hidden' }
}

function told<T>(answer: Answer, schema: z.ZodType<T>): Told<T> {
  if (answer.kind === 'forbidden') return { outcome: 'refused' }
  const parsed = schema.safeParse(answer.kind === 'ok' ? answer.body : undefined)
  return answer.kind === 'ok' && parsed.success ? { outcome: 'told', value: parsed.data } : { outcome: 'unreachable' }
}

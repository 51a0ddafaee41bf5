import * as z from 'zod'
import type { Answer } from './answer.ts'
import type { Api } from './api.ts'
import { expectOk, parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { flag, id, text, whole } from './wire.ts'

/** A screen of ConnectWise that may hold tabs and pods of others. */
export interface HostedScreen {
  id: number
  /** `CompanyDetail` */
  screenId: string
  name: string
}

/** One registered tab or pod, as an administrator sees it under Manage Hosted API. */
export interface HostedSetup {
  id: number
  /** The id of a HostedScreen. */
  screenId: number
  description: string
  url: string
  type: 'Tab' | 'Pod' | 'ToolbarButton'
  origin: string
  podHeight: number | undefined
  disabled: boolean
}

/** What is registered: everything of a setup but what ConnectWise says itself. */
export type NewHostedSetup = Omit<HostedSetup, 'id' | 'disabled'>

export type HostedOutcome =
  | { outcome: 'done' }
  /** The API member lacks the right to register. */
  | { outcome: 'forbidden'; message: string }
  | { outcome: 'refused'; message: string }
  /** It may or may not have landed. */
  | { outcome: 'unknown'; message: string }

const screensPath = '/system/connectWiseHostedScreens'
const setupsPath = '/system/connectwisehostedsetups'

const screen = z.object({ id, screenId: text, name: text })

const setup = z
  .object({
    id,
    screenId: whole.nullish().transform((value) => value ?? 0),
    description: text,
    url: text,
    type: z.enum(['Tab', 'Pod', 'ToolbarButton']).catch('ToolbarButton'),
    origin: text,
    podHeight: whole.nullish().transform((value) => value ?? undefined),
    disabledFlag: flag,
  })
  .transform(({ disabledFlag, ...same }): HostedSetup => ({ ...same, disabled: disabledFlag }))

/** The screens of this instance; which there are differs by version, so ids are never assumed. */
export async function listHostedScreens(api: Api): Promise<HostedScreen[]> {
  const what = 'hosted screens'
  const answer = await api.read({ path: screensPath, query: { pageSize: 1000 } })
  return parseBody(z.array(screen), expectOk(answer, what).body, what)
}

/** Every setup there is, ours and others'. */
export function listHostedSetups(api: Api): Promise<HostedSetup[]> {
  const what = 'hosted setups'
  const parse = (body: unknown) => parseBody(z.array(setup), body, what)
  return listAll(api, { path: setupsPath, query: {}, what, parse, orderBy: 'id' })
}

/** `clientId` is only needed where none is set yet, and harmless elsewhere. */
export async function addHostedSetup(api: Api, clientId: string, fields: NewHostedSetup): Promise<HostedOutcome> {
  return outcomeOf(await api.write({ method: 'POST', path: setupsPath, body: { ...fields, clientId } }))
}

/** Replaces the given fields and no others. */
export async function updateHostedSetup(
  api: Api,
  setupId: number,
  fields: Partial<NewHostedSetup>,
): Promise<HostedOutcome> {
  const body = Object.entries(fields).map(([path, value]) => ({ op: 'replace', path, value }))
  return outcomeOf(await api.write({ method: 'PATCH', path: `${setupsPath}/${setupId}`, body }))
}

function outcomeOf(answer: Answer): HostedOutcome {
  if (answer.kind === 'ok') return { outcome: 'done' }
  if (answer.kind === 'throttled') return { outcome: 'refused', message: 'ConnectWise is too busy; try again later' }
  const { kind, message } = answer
  const outcome = kind === 'forbidden' ? kind : kind === 'missing' || kind === 'refused' ? 'refused' : 'unknown'
  return { outcome, message }
}

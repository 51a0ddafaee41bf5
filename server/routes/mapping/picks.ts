import * as z from 'zod'
import type { Read } from '#billing/reading.ts'
import type { AccountKey } from '#db/mappings.ts'
import { listSources } from '#db/sources.ts'
import { readForm } from '#routes/form.ts'
import { readsOf } from '#routes/pods/account-lines.ts'
import { recordOrWanted } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import type { Asked, Saved } from '#sync/mapping/account-state.ts'
import { includeAccount } from '#sync/mapping/include.ts'
import { chooseAgreement, chooseCompany, forgetAgreement } from '#sync/mapping/place-account.ts'
import { reads } from '#sync/mapping/row.ts'
import { chooseTarget } from '#sync/mapping/target-account.ts'
import { undoMapping } from '#sync/mapping/undo-mapping.ts'
import { unmap } from '#sync/mapping/unmap.ts'
import { keyText, newestWords } from '#sync/sources/newest-words.ts'
import { RowAnswer } from '#views/mapping/row.tsx'
import { rowAnswer } from './mappings.ts'
import { askedBy } from './sight.ts'

const id = z.coerce.number('must be an id').int('must be an id').positive('must be an id')
const row = z.object({ source: z.string().max(100), account: z.string().max(200), version: z.string().max(4000) })

/** `POST /mappings/company`: saves the picked company at once (M1, M4). */
export const postCompanyPick = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, row.extend({ company: recordOrWanted }))
  return inRow(deps, c, form, 'Company saved.', async (asked) => {
    await requireReadable(deps, viewer, 'company', form.company)
    return chooseCompany(deps, viewer.scope, asked, form.company)
  })
}

const noAgreement = z.literal('').transform(() => null)

/** `POST /mappings/agreement`: saves the picked agreement at once (M2, M27); empty, there is none any more. */
export const postAgreementPick = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, row.extend({ agreement: z.union([noAgreement, recordOrWanted]) }))
  const { agreement } = form
  return inRow(deps, c, form, agreement === null ? 'No agreement is chosen.' : 'Agreement saved.', async (asked) => {
    if (agreement === null) return forgetAgreement(deps, viewer.scope, asked)
    await requireReadable(deps, viewer, 'agreement', agreement)
    return chooseAgreement(deps, viewer.scope, asked, agreement)
  })
}

const targetForm = row.extend({
  target: z.string().regex(/^(addition:|product:-?)[1-9]\d{0,14}$/, 'must be an addition or a product'),
  mapping: z.string().max(40).optional(),
  reads: z.string().max(2000).optional(),
})

/** `POST /mappings/target`: saves the picked addition or product at once (M3). */
export const postTargetPick = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, targetForm)
  const { target, mapping } = form
  const kept = mapping === undefined ? '' : ' What was written before stays where it is.'
  return inRow(deps, c, form, `Saved.${kept} The first write waits for a person.`, async (asked) => {
    const chosen = await readsAsked(viewer, asked.key, form)
    return chooseTarget(deps, viewer.scope, asked, {
      target: targetOf(target),
      ...(mapping === undefined ? {} : { mapping }),
      ...(chosen ? { reads: chosen } : {}),
    })
  })
}

/** `POST /mappings/include`: switches one account (M7, M8). */
export const postInclude = (deps: Deps) => async (c: Ask) => {
  const { scope } = c.get('viewer')
  const form = await readForm(c, row.extend({ on: z.enum(['yes', 'no']) }))
  const on = form.on === 'yes'
  return inRow(deps, c, form, on ? 'Included.' : 'Excluded.', (asked) => includeAccount(deps, scope, asked, on))
}

/** `POST /mappings/removal`: unmaps one account (M19, M22). */
export const postRemoval = (deps: Deps) => async (c: Ask) => {
  const { scope } = c.get('viewer')
  const form = await readForm(c, row)
  return inRow(deps, c, form, 'Unmapped.', (asked) => unmap(deps, scope, asked))
}

/** `POST /mappings/undo`: puts back what was before one change of this row; undoing that is possible as well. */
export const postUndo = (deps: Deps) => async (c: Ask) => {
  const { scope } = c.get('viewer')
  const form = await readForm(c, row.extend({ seq: id }))
  return inRow(deps, c, form, 'Put back.', (asked) => undoMapping(deps, scope, asked, form.seq))
}

/** Saves, and answers the one row: with what was saved and its undo, or as it was with the reason why not (M4). */
async function inRow(
  deps: Deps,
  c: Ask,
  { source, account, version }: z.output<typeof row>,
  text: string,
  work: (asked: Asked) => Promise<Saved>,
): Promise<Response> {
  const viewer = c.get('viewer')
  const key = { sourceId: source, account }
  try {
    const { seq } = await work({ ...askedBy(deps, viewer, key), version })
    return await fragment(c, RowAnswer, await rowAnswer(deps, viewer, key, { saved: { text, undo: seq } }))
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    const status = problem.kind === 'conflict' ? 409 : problem.kind === 'unreachable' ? 503 : 422
    return fragment(c, RowAnswer, await rowAnswer(deps, viewer, key, { refused: problem.message }), status)
  }
}

/** What a pick says is to be read; else what the mapping reads already, or the account's first number. */
export async function readsAsked(
  viewer: Viewer,
  key: AccountKey,
  { reads: said, mapping }: { reads?: string | undefined; mapping?: string | undefined },
): Promise<readonly Read[] | undefined> {
  if (said !== undefined) return readsIn(said)
  return mapping === undefined ? firstRead(viewer, key) : undefined
}

function targetOf(text: string): { addition: number } | { product: number } {
  const [kind, number] = text.split(':')
  return kind === 'addition' ? { addition: Number(number) } : { product: Number(number) }
}

/** What a picker sent as what to read, checked as in a file. */
function readsIn(text: string): Read[] {
  const parsed = reads.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw new Problem('invalid', `What is read ${parsed.error.issues[0]?.message ?? 'is not known'}.`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The only number the source states for an account, else its first one. */
async function firstRead({ scope }: Viewer, key: AccountKey): Promise<Read[] | undefined> {
  const word = (await newestWords(scope, await listSources(scope), [key])).get(keyText(key))
  const [first] = readsOf(word?.readings ?? [])
  return first && [first]
}

import * as z from 'zod'
import { isToBeMade, type NewRecord } from '#billing/record.ts'
import { save } from '#db/db.ts'
import type { AccountKey } from '#db/mappings.ts'
import { listSources, type Source } from '#db/sources.ts'
import { withdrawUnnamed } from '#db/unnamed.ts'
import { parsed, readForm, type Typed } from '#routes/form.ts'
import { screenOf } from '#routes/mapping/mappings.ts'
import { gridQuery } from '#routes/mapping/query.ts'
import { askedBy, requireSight } from '#routes/mapping/sight.ts'
import { rowId } from '#routes/pods/account-lines.ts'
import { recordOrWanted } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Viewer } from '#session/viewer.ts'
import { type Account, type Asked, readAccount, type Saved } from '#sync/mapping/account-state.ts'
import { recordIdOf, wantRecord } from '#sync/records/creations.ts'
import type { CreationProps } from '#views/creations/creation.tsx'
import { MappingScreen } from '#views/mapping/mapping.tsx'

/** Whose row a record is made for; with the version, the state of it that was seen. */
export const placeForm = z.object({
  source: z.string().max(100),
  account: z.string().max(200),
  version: z.string().max(4000).optional(),
})

/** The account a record is made for. */
export interface Place {
  key: AccountKey
  account: Account
  source: Source
  /** Who changes it, and from which state of it. */
  asked: Asked
}

/** Throws a Problem when there is no such account, or the viewer may not read what it is mapped to. */
export async function readPlace(
  deps: Deps,
  viewer: Viewer,
  { source: sourceId, account: name, version }: z.output<typeof placeForm>,
): Promise<Place> {
  const key = { sourceId, account: name }
  const source = (await listSources(viewer.scope)).find(({ id }) => id === sourceId)
  if (!source) throw new Problem('not_found', 'This source is not connected any more.')
  const account = await readAccount(viewer.scope, key)
  await requireSight(deps, viewer, account.state)
  return { key, account, source, asked: { ...askedBy(deps, viewer, key), version: version ?? account.version } }
}

/** What every form of a record for an account shows. */
export const creationProps = (
  viewer: Viewer,
  record: CreationProps['record'],
  { key, account, source, asked }: Place,
): Pick<CreationProps, 'standing' | 'record' | 'purpose' | 'asked' | 'back'> => ({
  standing: standingOf(viewer),
  record,
  purpose: `${account.row.name} of ${source.name}`,
  asked: { source: key.sourceId, account: key.account, version: asked.version ?? '' },
  back: `/mappings?${new URLSearchParams({ source: key.sourceId, search: key.account })}`,
})

/** Throws a Problem when the tenant's settings allow no such record to be made. */
export function requireMayMake({ tenant: { creation } }: Viewer, record: CreationProps['record']): void {
  const allowed = { company: creation.companies, agreement: creation.agreements, product: creation.products }[record]
  if (allowed !== 'off') return
  throw new Problem(
    'forbidden',
    `TrueUp may not make a new ${record} here: an administrator allows it under Settings › Configuration.`,
  )
}

/** The list with the account's row open, saying what was saved, with its undo. */
export async function placedAnswer(deps: Deps, c: Ask, { key }: Place, text: string, { seq }: Saved) {
  const viewer = c.get('viewer')
  const screen = await screenOf(
    deps,
    viewer,
    gridQuery.parse({ source: key.sourceId, search: key.account.slice(0, 100) }),
  )
  const opened = { id: rowId(key), said: { saved: { text, undo: seq } } }
  return fragment(c, MappingScreen, { ...screen, accounts: { ...screen.accounts, opened } })
}

/**
 * Wants a record made and has it chosen in its place. What was chosen for nobody in the end, because the row had changed,
 * is not wanted either.
 */
export async function wantAndChoose<S>(
  deps: Deps,
  { scope, member }: Viewer,
  draft: NewRecord,
  choose: (id: number) => Promise<S>,
): Promise<{ id: number; saved: S }> {
  const id = recordIdOf(await wantRecord(deps, scope, member, draft))
  try {
    return { id, saved: await choose(id) }
  } catch (problem) {
    await save(scope.db, withdrawUnnamed(scope, [id]))
    throw problem
  }
}

/** What becomes of a wish: one that was fulfilled before is not made again. */
export const wishWords = (name: string, id: number): string =>
  isToBeMade(id) ? `${name} is made with the next approved plan.` : `${name} was made before, so it is used.`

/** A sent form: whose it is and what is used instead, checked; all of it as typed, for the form to say what is wrong. */
export async function readCreation<S extends z.ZodRawShape>(c: Ask, place: z.ZodObject<S>) {
  const typed = await readForm(c, z.record(z.string(), z.string('is there more than once').max(5000, 'is too long')))
  return { asked: parsed(place.extend({ use: recordOrWanted.optional() }), typed), typed }
}

/** What is wrong with a form, and what it asks: with twins in sight it is sent twice before another record is made. */
export const doubted = (
  typed: Typed,
  twins: readonly unknown[],
  errors: Record<string, string>,
): Record<string, string> =>
  twins.length === 0 || typed.despite === 'on'
    ? errors
    : { despite: 'use the one below, or tick that none of them is meant.', ...errors }

/** What people typed as one line: no line breaks, no invisible characters, no spaces around it. */
export const lineOf = (typed: string | undefined): string =>
  (typed ?? '')
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim()

/** The id in a select; 0 while nothing is chosen. */
export const chosenId = (typed: string | undefined): number =>
  /^-?[1-9]\d{0,9}$/.test(typed ?? '') ? Number(typed) : 0

/** Optional texts that were filled in. */
export const filled = <K extends string>(texts: Record<K, string>): Partial<Record<K, string>> =>
  Object.fromEntries(Object.entries<string>(texts).filter(([, text]) => text !== '')) as Partial<Record<K, string>>

/** What the chosen ids of a draft are called, for plans to say. */
export const namesOf = (
  chosen: Readonly<Record<string, { id: number; choices: readonly { id: number; name: string }[] }>>,
): NonNullable<NewRecord['names']> =>
  Object.fromEntries(
    Object.entries(chosen).flatMap(([field, { id, choices }]) => {
      const found = choices.find((choice) => choice.id === id)
      return found ? [[field, found.name]] : []
    }),
  )

export const choicesOf = (choices: readonly { id: number; name: string }[]) =>
  choices.map(({ id, name }) => ({ value: String(id), text: name }))

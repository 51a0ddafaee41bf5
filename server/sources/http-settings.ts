import * as z from 'zod'
import type { SourceKind } from '#billing/reading.ts'
import { type FieldPath, isWithin, parsePath } from './field-path.ts'

/** A declared field: where it stands in each page, or one text for all. */
export type Field = FieldPath | { fixed: string }

/** Where the answer says something of itself. */
const envelope = ['complete', 'total', 'pages', 'takenAt', 'period', 'next'] as const
const people = ['person', 'personName', 'personEmail', 'personServices'] as const
const money = ['unitCost', 'unitPrice', 'currency'] as const

/** What may be declared of each kind, beside the account and its name; what must be comes first. */
const declared: Record<SourceKind, { needed: readonly string[]; optional: readonly string[] }> = {
  counts: { needed: ['metric'], optional: ['quantity', ...money, ...people] },
  usage: { needed: ['sku', 'quantity'], optional: ['title', 'subscription', 'term', ...money] },
  'invoice-lines': {
    needed: ['id', 'offer', 'chargeType', 'quantity'],
    optional: [
      ...['subscription', 'subscriptionName', 'billingCycle', 'chargeStart', 'chargeEnd', 'invoice', 'invoicedOn'],
      ...['custom', ...money],
    ],
  },
}

const text = (pattern: RegExp, message: string) => z.string().regex(pattern, message)
const where = text(/^.{1,200}$/, 'must say where the value stands, such as customers[].id')
const names = [...new Set(Object.values(declared).flatMap(({ needed, optional }) => [...needed, ...optional]))]
const fields = [...envelope, 'account', 'name', ...names]

const isAddress = (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

const plain = {
  base: z.string().max(500).refine(isAddress, 'must be an address such as https://api.vendor.example/v1'),
  kind: z.enum(['counts', 'usage', 'invoice-lines'], 'must be counts, usage or invoice-lines'),
  header: z.optional(text(/^[A-Za-z][\w-]{0,60}$/, 'must be the name of a header, such as X-Api-Key')),
  path: z.optional(text(/^\/(?!\/)[!-~]{0,500}$/, 'must begin with one / and hold no space')),
  paging: z.optional(z.enum(['none', 'link', 'page', 'cursor'], 'must be none, link, page or cursor')),
  parameter: z.optional(text(/^[\w.$[\]-]{1,60}$/, 'must be the name of a parameter, such as page')),
  firstPage: z.optional(text(/^[01]$/, 'must be 0 or 1')),
}

type Given = { [name in keyof typeof plain]?: string } & Record<string, string | undefined>

/** The settings of a source of kind `http`; every one that is wrong is named. */
export const httpSettings = z
  .strictObject({ ...plain, ...Object.fromEntries(fields.map((field) => [field, z.optional(where)])) })
  .superRefine((given, context) => {
    for (const [path, message] of problemsOf(given as Given))
      context.addIssue({ code: 'custom', path: [path], message })
  })
  .transform((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  .pipe(z.record(z.string(), z.string()))

function problemsOf(given: Given): [string, string][] {
  const kind = declared[given.kind as SourceKind]
  if (!kind) return []
  const named = fields.filter((field) => given[field] !== undefined)
  if (given.account === undefined) return ownLayout(given, named)
  const allowed = new Set<string>([...envelope, 'account', 'name', ...kind.needed, ...kind.optional])
  return [
    ...kind.needed.filter((field) => given[field] === undefined).map(missing),
    ...(given.kind === 'counts' && !given.quantity && !given.person ? [missing('quantity')] : []),
    ...named.filter((field) => !allowed.has(field)).map((field) => refuse(field, `is nothing that ${given.kind} have`)),
    ...named.flatMap((field) => wrongPath(field, given[field] ?? '')),
    ...wrongPaging(given),
    ...wrongLists(given, named),
  ]
}

const refuse = (field: string, message: string): [string, string] => [field, message]
const missing = (field: string) => refuse(field, 'is missing')

/** Without declared fields the answer is TrueUp's own snapshot, and there is nothing more to say of it. */
const ownLayout = ({ paging, parameter, firstPage }: Given, named: readonly string[]): [string, string][] => [
  ...named.map((field) => refuse(field, 'needs account: where the id of the account stands')),
  ...Object.entries({ paging, parameter, firstPage }).flatMap(([field, value]) =>
    value === undefined ? [] : [refuse(field, 'is given by the published contract, unless fields are declared')],
  ),
]

function wrongPath(field: string, value: string): [string, string][] {
  if (isEnvelope(field)) {
    const path = parsePath(value)
    return path && path.lists.length === 0 ? [] : [refuse(field, 'must be names with dots between, such as meta.total')]
  }
  return fieldOf(value) ? [] : [refuse(field, 'must be a path such as customers[].id, or "a fixed text"')]
}

const wrongPaging = ({ paging, parameter, next }: Given): [string, string][] => [
  ...(paging === 'cursor' && parameter === undefined ? [missing('parameter')] : []),
  ...(paging === 'cursor' && next === undefined ? [missing('next')] : []),
]

/** Whatever stands in lists stands in the same ones, so that one row is one reading. */
function wrongLists(given: Given, named: readonly string[]): [string, string][] {
  const paths = named.flatMap((field) => {
    const path = isEnvelope(field) || field === 'personServices' ? undefined : fieldOf(given[field] ?? '')
    return path && !('fixed' in path) ? [{ field, path }] : []
  })
  const deepest = paths.toSorted((a, b) => b.path.lists.length - a.path.lists.length)[0]
  if (!deepest) return []
  const none = paths.every(({ path }) => path.lists.length === 0)
  return [
    ...(none ? [refuse('account', 'must stand in a list, such as customers[].id')] : []),
    ...paths
      .filter(({ path }) => !isWithin(path.lists, deepest.path.lists))
      .map(({ field }) => refuse(field, `stands in other lists than ${deepest.path.text}`)),
  ]
}

const isEnvelope = (field: string): boolean => (envelope as readonly string[]).includes(field)

function fieldOf(value: string): Field | undefined {
  const fixed = /^"([^"]+)"$/.exec(value)?.[1]
  return fixed === undefined ? parsePath(value) : { fixed }
}

/** Settings as the program uses them. */
export interface HttpSettings {
  base: string
  kind: SourceKind
  /** Absent: `Authorization: Bearer`. */
  header: string | undefined
  path: string
  paging: 'none' | 'link' | 'page' | 'cursor'
  parameter: string
  firstPage: number
  /** Of the answer itself. */
  envelope: Partial<Record<(typeof envelope)[number], FieldPath>>
  /** Of each row; undefined: the answer is TrueUp's own snapshot. */
  fields: ReadonlyMap<string, Field> | undefined
}

const contractPath = '/snapshots/{period}'

/** Stored settings, read. */
export function readHttpSettings(given: Readonly<Record<string, string>>): HttpSettings {
  const inEnvelope = envelope.flatMap((name) => {
    const path = parsePath(given[name] ?? '')
    return path ? [[name, path] as const] : []
  })
  const ofRows = fields
    .filter((name) => !isEnvelope(name))
    .flatMap((name) => {
      const field = fieldOf(given[name] ?? '')
      return field ? [[name, field] as const] : []
    })
  return {
    base: given.base ?? '',
    kind: (given.kind ?? 'counts') as SourceKind,
    header: given.header,
    path: given.path ?? contractPath,
    paging: (given.paging ?? 'none') as HttpSettings['paging'],
    parameter: given.parameter ?? 'page',
    firstPage: Number(given.firstPage ?? '1'),
    envelope: Object.fromEntries(inEnvelope),
    fields: given.account === undefined ? undefined : new Map(ofRows),
  }
}

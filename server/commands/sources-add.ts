import { addSource, findSource } from '#db/sources.ts'
import { type Place, Problem } from '#server/problem.ts'
import type { Kind } from '#sources/contract.ts'
import { placesOf } from '#sources/places.ts'
import { saveChange } from '#sync/settings/settings.ts'
import { addHttpSource, type Changer } from '#sync/sources/http-sources.ts'
import { sourceNamePattern } from '#sync/sources/sources.ts'
import { type Call, type Command, UsageProblem } from './command.ts'
import { scopeNamed } from './named.ts'

export const sourcesAddCommand: Command = {
  name: 'sources add',
  about: 'Add a platform whose counts are billed.',
  arguments: [{ value: 'KIND', about: 'push: the platform calls us; http: we ask it; csv: people upload files' }],
  options: {
    tenant: { value: 'T', required: true, about: 'whose source it is' },
    name: { value: 'N', required: true, about: 'what people call it, 1 to 100 characters' },
    setting: {
      value: 'K=V',
      repeated: true,
      about: 'billingPeriod=current or previous, of invoice lines also both; and what the kind asks for',
    },
    secret: { value: 'S', about: 'http: the platform’s key; - reads it from stdin, else it is TRUEUP_SOURCE_SECRET' },
  },
  async run(call) {
    const name = nameOf(call.required('name'))
    const given = settingsOf(call.every('setting'))
    const { deps } = await call.open()
    const kind = call.argument(0) ?? ''
    const checkedSettings = checked(kindNamed(deps.sources, kind), given)
    const scope = await scopeNamed(deps.db, call.required('tenant'))
    if (await findSource(scope, name))
      throw new Problem(
        'conflict',
        `${scope.tenant} already has a source named ${JSON.stringify(name)}: choose another name.`,
      )
    const { document, next } = await add(call, { deps, scope, member: 'operator' }, { kind, name, ...checkedSettings })
    call.print(document, [`Source ${document.source} (${name}) is added to ${scope.tenant}.`, ...next].join('\n'))
    return 0
  },
}

type Given = ReturnType<typeof checked> & { kind: string; name: string }

async function add(call: Call, editor: Changer, given: Given) {
  const { deps, scope } = editor
  const { kind, name } = given
  const t = scope.tenant
  if (kind === 'http') {
    const source = await addHttpSource(editor, { ...given, secret: await secretOf(call) })
    return { document: { source }, next: [`Next: trueup sources test ${source} --tenant ${t}`] }
  }
  const source = { ...given, id: deps.id(), createdAt: deps.now() }
  const { token, saved } = addSource(scope, source)
  await saveChange(editor, [saved], { what: 'source', to: source.id, text: `Source ${name} was added` })
  if (kind === 'csv')
    return { document: { source: source.id }, next: [`Next: trueup sources upload ${source.id} FILE --tenant ${t}`] }
  return {
    document: { source: source.id, token },
    next: [
      `Its token, shown only now: ${token}`,
      `The platform sends it to ${deps.config.PUBLIC_URL}/api/v1/snapshots as Authorization: Bearer TOKEN.`,
      `Next: trueup mappings import --tenant ${t} FILE`,
    ],
  }
}

/** A key among the arguments is seen by everybody who lists processes, so there are two other ways. */
async function secretOf(call: Call): Promise<string> {
  const typed = call.option('secret')
  const secret =
    typed === '-' ? (await call.outside.readInput()).trim() : (typed ?? call.outside.variables.TRUEUP_SOURCE_SECRET)
  if (secret) return secret
  throw new UsageProblem('--secret is missing: give it, pipe it to --secret -, or set TRUEUP_SOURCE_SECRET.')
}

function nameOf(text: string): string {
  if (/^\S/u.test(text) && /\S$/u.test(text) && sourceNamePattern.test(text)) return text
  throw new UsageProblem('--name must be 1 to 100 visible characters, without spaces around them.')
}

function kindNamed(kinds: object, name: string): Kind {
  const kind: Kind | undefined = Object.entries(kinds).find(([known]) => known === name)?.[1]
  if (kind) return kind
  throw new UsageProblem(`There is no such kind of source; there is ${Object.keys(kinds).join(', ')}.`)
}

function settingsOf(pairs: readonly string[]): Map<string, string> {
  const settings = new Map<string, string>()
  for (const pair of pairs) {
    const [, key = '', value = ''] = /^([A-Za-z][\w-]*)=(.*)$/su.exec(pair) ?? []
    if (key === '') throw new UsageProblem('--setting must be KEY=VALUE.')
    if (settings.has(key)) throw new UsageProblem(`--setting ${key} is given twice.`)
    settings.set(key, value)
  }
  return settings
}

/** Every wrong setting is named. The billing period is TrueUp's own, whatever the kind (FEATURES section 2). */
function checked(kind: Kind, given: ReadonlyMap<string, string>) {
  const { billingPeriod = 'current', ...rest } = Object.fromEntries(given)
  const parsed = kind.settings.safeParse(rest, { reportInput: true })
  const ofLines = rest.kind === 'invoice-lines'
  const isPeriod = billingPeriod === 'current' || billingPeriod === 'previous' || (ofLines && billingPeriod === 'both')
  const places: Place[] = [
    ...(isPeriod
      ? []
      : [{ path: 'billingPeriod', message: `must be current${ofLines ? ', previous or both' : ' or previous'}` }]),
    ...(parsed.success ? [] : placesOf(parsed.error)),
  ]
  if (places.length > 0 || !isPeriod || !parsed.success) throw new UsageProblem('The settings are not valid.', places)
  return { billingPeriod, settings: parsed.data } as const
}

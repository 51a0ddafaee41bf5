import { addSource, findSource } from '#db/sources.ts'
import { type Place, Problem } from '#server/problem.ts'
import type { Kind } from '#sources/contract.ts'
import { placesOf } from '#sources/places.ts'
import { saveChange } from '#sync/settings.ts'
import { type Command, UsageProblem } from './command.ts'
import { scopeNamed } from './named.ts'

export const sourcesAddCommand: Command = {
  name: 'sources add',
  about: 'Add a platform whose counts are billed.',
  arguments: [{ value: 'KIND', about: 'push: the platform calls us' }],
  options: {
    tenant: { value: 'T', required: true, about: 'whose source it is' },
    name: { value: 'N', required: true, about: 'what people call it, 1 to 100 characters' },
    setting: { value: 'K=V', repeated: true, about: 'billingPeriod=current or previous, and what the kind asks for' },
  },
  async run(call) {
    const name = nameOf(call.required('name'))
    const given = settingsOf(call.every('setting'))
    const { deps } = await call.open()
    const kind = call.argument(0) ?? ''
    const { billingPeriod, settings } = checked(kindNamed(deps.sources, kind), given)
    const scope = await scopeNamed(deps.db, call.required('tenant'))
    if (await findSource(scope, name))
      throw new Problem(
        'conflict',
        `${scope.tenant} already has a source named ${JSON.stringify(name)}: choose another name.`,
      )
    const source = { id: deps.id(), kind, name, settings, billingPeriod, createdAt: deps.now() }
    const { token, saved } = addSource(scope, source)
    const change = { what: 'source', to: source.id, text: `Source ${name} was added` }
    await saveChange({ deps, scope, member: 'operator' }, [saved], change)
    call.print(
      { source: source.id, token },
      [
        `Source ${source.id} (${name}) is added to ${scope.tenant}.`,
        `Its token, shown only now: ${token}`,
        `The platform sends it to ${deps.config.PUBLIC_URL}/api/v1/snapshots as Authorization: Bearer TOKEN.`,
        `Next: trueup mappings import --tenant ${scope.tenant} FILE`,
      ].join('\n'),
    )
    return 0
  },
}

function nameOf(text: string): string {
  if (/^\S/u.test(text) && /\S$/u.test(text) && /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u.test(text)) return text
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
  const isPeriod = billingPeriod === 'current' || billingPeriod === 'previous'
  const places: Place[] = [
    ...(isPeriod ? [] : [{ path: 'billingPeriod', message: 'must be current or previous' }]),
    ...(parsed.success ? [] : placesOf(parsed.error)),
  ]
  if (places.length > 0 || !isPeriod || !parsed.success) throw new UsageProblem('The settings are not valid.', places)
  return { billingPeriod, settings: parsed.data } as const
}

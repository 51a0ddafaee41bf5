import { writesOf } from '#billing/data.ts'
import { multiply } from '#billing/decimal.ts'
import { type Addition, isOngoing } from '#billing/existing.ts'
import { dayIn } from '#billing/period.ts'
import type { MappingRow } from '#db/mappings.ts'
import { listAdditions } from '#db/mirror.ts'
import type { Source } from '#db/sources.ts'
import type { Typed } from '#routes/form.ts'
import type { Deps } from '#server/deps.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { ruleInForce } from '#sync/mapping/mappings.ts'
import { keyText, newestWords } from '#sync/sources/newest-words.ts'
import type { MappingDetailProps } from '#views/mapping/detail.tsx'
import { linesIn, readLines } from './reads.ts'
import { fieldsOf, leftAloneIn, writesIn } from './rule-form.ts'

/** What of the screen is not as it is stored. */
export interface Shown {
  /** What was typed as a rule, and what is wrong with it. */
  refused?: { typed: Typed; errors: Record<string, string> }
  /** What was typed as a split, and why it was refused. */
  split?: { here: string; error: string }
  /** What was just saved, in words. */
  saved?: string
}

interface Known {
  mapping: MappingRow
  source: Source | undefined
  sources: readonly Source[]
}

/** The forms of one mapping: its rule, and the split over another addition; as stored, or as typed and refused. */
export async function rulePartsOf(
  deps: Deps,
  viewer: Viewer,
  { mapping, source, sources }: Known,
  { refused, split }: Shown,
): Promise<Pick<MappingDetailProps, 'rule' | 'split'>> {
  const words = await newestWords(viewer.scope, source ? [source] : [], [mapping], { people: true })
  const { own, others } = await additionsThere(deps, viewer, mapping)
  const left = refused ? leftAloneIn(refused.typed) : mapping.leaveAlone
  const acts = includesRole(viewer.role, 'finance')
  const named = { id: mapping.id, version: String(mapping.updatedAt) }
  return {
    rule: {
      ...named,
      reads: refused ? linesIn(refused.typed) : readLines(mapping.reads, words.get(keyText(mapping))?.readings ?? []),
      fields: refused?.typed ?? fieldsOf(mapping.rule, mapping.followsSource),
      write: refused ? writesIn(refused.typed) : ruleInForce(mapping, sources).write,
      switches: source ? writesOf(source.data).join(', ') || 'nothing' : 'nothing',
      sourceName: source?.name ?? mapping.sourceId,
      others: others.map((other) => ({ id: other.id, text: textOf(other), left: left.includes(other.id) })),
      errors: refused?.errors ?? {},
      acts,
    },
    ...(acts && mapping.agreementId > 0 ? { split: { ...named, ...splitOf(mapping, own, others, split) } } : {}),
  }
}

function splitOf(mapping: MappingRow, own: Addition | undefined, others: readonly Addition[], typed: Shown['split']) {
  const { rule, agreementId, sourceId } = mapping
  const [other] = others
  return {
    agreement: agreementId,
    source: sourceId,
    here: typed?.here ?? (own ? multiply(own.quantity, rule.packSize ?? '1') : ''),
    ...(other && others.length === 1 ? { target: { id: `addition:${other.id}`, text: textOf(other) } } : {}),
    ...(typed ? { error: typed.error } : {}),
  }
}

const textOf = ({ id, quantity, description }: Addition): string =>
  `addition ${id} with ${quantity} ${description}`.trim()

/** The addition that is written, and the other ongoing ones of its product there. */
async function additionsThere(deps: Deps, { scope, tenant }: Viewer, mapping: MappingRow) {
  const today = dayIn(tenant.zone, deps.now())
  const all = await listAdditions(scope, [mapping.agreementId])
  const own = all.find(({ id }) => id === mapping.additionId)
  const product = own?.productId ?? mapping.productId
  const others = all.filter((one) => one !== own && one.productId === product && isOngoing(one, today))
  return { own, others }
}

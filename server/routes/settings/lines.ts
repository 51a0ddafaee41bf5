import { cycleOf } from '#billing/lines/charge-dates.ts'
import { isUnknownCharge } from '#billing/lines/charge-types.ts'
import { monthName, monthPattern } from '#billing/period.ts'
import { listStatedCharges } from '#db/line-charges.ts'
import { listLineLoads } from '#db/line-loads.ts'
import { listAccountNames } from '#db/plan-lines.ts'
import { readableRows } from '#routes/readable.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { type LineRules, saveLineRules } from '#sync/lines/line-settings.ts'
import { type Ruled, type RuledLines, ruleMonth } from '#sync/lines/ruled-lines.ts'
import { tenantOf } from '#sync/run.ts'
import type { Editor } from '#sync/settings/settings.ts'
import { keyText } from '#sync/sources/newest-words.ts'
import { type LineRulesProps, LineRulesSection } from '#views/settings/lines.tsx'
import { type RuledLine, RulesPreview } from '#views/settings/lines-preview.tsx'
import { editorOf } from './editor.ts'
import { readRules } from './line-form.ts'

const mostShown = 50
/** Cycles that are offered before any line states them. */
const usualCycles = ['monthly', 'quarterly', 'annual']

/** `GET /settings/lines`: the rules of invoice lines as they are stored. */
export const getLineRules = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const { lineSettings } = await tenantOf(editor.scope)
  return fragment(c, LineRulesSection, await rulesProps(editor, lineSettings))
}

/** `POST /settings/lines` (P4, P5, S13, S14) */
export const postLineRules = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const { rules, errors, typed } = await typedRules(c)
  if (Object.keys(errors).length > 0)
    return fragment(c, LineRulesSection, { ...(await rulesProps(editor, rules)), typed, errors }, 422)
  await saveLineRules(editor, rules)
  return fragment(c, LineRulesSection, { ...(await rulesProps(editor, rules)), saved: true })
}

/** `POST /settings/lines/preview`: what the rules on screen would do to a month's lines; nothing is saved. */
export const postRulesPreview = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const { rules, errors, typed } = await typedRules(c)
  const wrong = Object.keys(errors).length > 0
  const period = monthPattern.test(typed.month ?? '') ? (typed.month ?? '') : ''
  if (wrong || period === '')
    return fragment(c, RulesPreview, { refused: wrong ? 'fields' : 'month' }, wrong ? 422 : 200)
  const { lineSettings } = await tenantOf(editor.scope)
  const found = await ruleMonth(editor.scope, { ...lineSettings, ...rules }, period)
  return fragment(c, RulesPreview, await previewOf(deps, c, editor, found, period))
}

async function typedRules(c: Ask) {
  const typed = Object.fromEntries(new URLSearchParams(await c.req.text()))
  return { typed, ...readRules(typed) }
}

async function rulesProps({ scope }: Editor, rules: LineRules): Promise<LineRulesProps> {
  const [stated, loads] = await Promise.all([listStatedCharges(scope), listLineLoads(scope)])
  const cycles = [...usualCycles, ...Object.keys(rules.starts), ...stated.map(cycleOf)]
  const charges = [...Object.keys(rules.kinds), ...stated.map(({ chargeType }) => chargeType)].filter(isUnknownCharge)
  const months = [...new Set(loads.map(({ period }) => period))].sort().reverse()
  return {
    rules,
    cycles: [...new Set(cycles)].sort((a, b) => orderOf(a) - orderOf(b) || (a < b ? -1 : 1)),
    unknown: [...new Set(charges)].sort(),
    months: months.map((month) => ({ value: month, text: monthName(month) })),
  }
}

/** The usual ones first, lines without a cycle last. */
const orderOf = (cycle: string): number => {
  const place = usualCycles.indexOf(cycle)
  return place >= 0 ? place : cycle === '' ? usualCycles.length + 1 : usualCycles.length
}

async function previewOf(deps: Deps, c: Ask, { scope }: Editor, found: RuledLines, period: string) {
  const mayRead = await readableRows(deps, c.get('viewer'), [...found.open, ...found.locked].map(placeOf))
  const open = found.open.filter((row) => mayRead(placeOf(row)))
  const changed = found.changed.filter(({ row }) => mayRead(placeOf(row)))
  const shown = changed.slice(0, mostShown)
  const named = await listAccountNames(scope, [...new Set(shown.map(({ row }) => row.account))])
  const names = new Map(named.map((one) => [keyText(one), one.name]))
  return {
    month: monthName(period),
    lines: open.length,
    locked: found.locked.filter((row) => mayRead(placeOf(row))).length,
    typed: open.filter(({ typedStart, typedEnd }) => typedStart !== null || typedEnd !== null).length,
    warned: changed.filter(({ row, composed }) => composed.warning !== null && row.warning === null).length,
    changed: changed.length,
    shown: shown.map((one) => ruledLine(one, names.get(keyText(one.row)) ?? one.row.account)),
  }
}

type Row = Ruled['row']
const placeOf = ({ companyId, placedAgreementId }: Row) => ({ companyId, agreementId: placedAgreementId })

const ruledLine = ({ row, composed }: Ruled, organization: string): RuledLine => ({
  id: row.id,
  organization,
  offer: row.offer,
  before: facesOf(row),
  after: facesOf(composed),
  ...(composed.warning === null ? {} : { warning: composed.warning }),
})

const facesOf = (
  one: Pick<Row, 'effectiveOn' | 'effectiveBadge' | 'cancelledOn' | 'cancelledBadge' | 'chargeName' | 'nameBadge'>,
) => ({
  charge: { text: one.chargeName, badge: one.nameBadge },
  start: { text: one.effectiveOn, badge: one.effectiveBadge },
  end: { text: one.cancelledOn ?? 'no end', badge: one.cancelledBadge },
})

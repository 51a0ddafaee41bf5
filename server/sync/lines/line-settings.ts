import type { LineSettings } from '#billing/lines/settings.ts'
import { listStatedCharges } from '#db/line-charges.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { tenantOf } from '#sync/run.ts'
import { type Editor, saveChange } from '#sync/settings/settings.ts'
import { applyRules } from './apply-rules.ts'

/** What an admin decides about invoice lines, beside the fields for cross references. */
export type LineRules = Omit<LineSettings, 'crossReferences'>

/** What each part is called in the log. */
const parts: Record<keyof LineRules, string> = {
  ends: 'charge end rules',
  starts: 'charge start rules',
  names: 'charge type names',
  kinds: 'how unknown charge types are billed',
  daily: 'the daily posting',
}

/**
 * Saves the rules of invoice lines; what changed goes to the ledger. They work on lines loaded from now on (P9): only lines
 * of charge types that nobody knew before are settled at once, in every month.
 */
export async function saveLineRules(editor: Editor, rules: LineRules): Promise<void> {
  const { lineSettings: known } = await tenantOf(editor.scope)
  const changed = (Object.keys(parts) as (keyof LineRules)[]).filter(
    (name) => textOf(known[name]) !== textOf(rules[name]),
  )
  if (changed.length === 0) return
  const only = (all: LineRules) => Object.fromEntries(changed.map((name) => [name, all[name]]))
  const text = `Invoice lines: ${changed.map((name) => parts[name]).join(', ')} changed`
  const saved = saveTenantSettings(editor.scope, { lineSettings: { ...known, ...rules } })
  await saveChange(editor, [saved], { what: 'rules of invoice lines', from: only(known), to: only(rules), text })
  await settleKinds(editor, new Set(Object.keys(rules.kinds).filter((charge) => !Object.hasOwn(known.kinds, charge))))
}

async function settleKinds({ deps, scope, member }: Editor, charges: ReadonlySet<string>): Promise<void> {
  if (charges.size === 0) return
  const stated = (await listStatedCharges(scope)).filter(({ chargeType }) => charges.has(chargeType))
  for (const period of new Set(stated.map((one) => one.period)))
    await applyRules(deps, scope, { period, charges }, member)
}

/** One text for settings that say the same, in whatever order. */
const textOf = (part: unknown): string =>
  typeof part === 'object' && part !== null ? JSON.stringify(Object.entries(part).sort()) : JSON.stringify(part)

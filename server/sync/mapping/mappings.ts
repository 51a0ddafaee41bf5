import { writesOf } from '#billing/data.ts'
import { isOfLines, type Mapping } from '#billing/mapping.ts'
import type { Rule } from '#billing/rule.ts'
import type { Scope } from '#db/db.ts'
import { listMappings, type MappingRow } from '#db/mappings.ts'
import { listSources, type Source } from '#db/sources.ts'
import { type About, inScopeOf } from '#sync/asked.ts'

/** Every mapping of numbers as the pure core sees it. */
export async function loadMappings(scope: Scope): Promise<Mapping[]> {
  const [rows, sources] = await Promise.all([listMappings(scope), listSources(scope)])
  return toMappings(rows, sources)
}

/** The mappings a run is about that may be written: included, not parked. */
export async function loadAsked(scope: Scope, run: About): Promise<Mapping[]> {
  const isAsked = inScopeOf(run)
  return (await loadMappings(scope)).filter((mapping) => mapping.include && !mapping.parkedReason && isAsked(mapping))
}

/** Stored mappings as the pure core sees them, each with the rule in force; those of invoice lines count nothing (`placeLines`). */
export const toMappings = (rows: readonly MappingRow[], sources: readonly Source[]): Mapping[] =>
  rows
    .filter((row) => !isOfLines(row))
    .map((row) => ({
      id: row.id,
      source: row.sourceId,
      account: row.account,
      reads: row.reads,
      companyId: row.companyId,
      agreementId: row.agreementId,
      ...(row.additionId === null ? {} : { additionId: row.additionId }),
      ...(row.productId === null ? {} : { productId: row.productId }),
      targetKey: row.targetKey,
      leaveAlone: row.leaveAlone,
      include: row.include,
      rule: ruleInForce(row, sources),
      ...(row.parkedReason === null ? {} : { parkedReason: row.parkedReason }),
      ...(row.confirmedTarget === null ? {} : { confirmedTarget: row.confirmedTarget }),
      ...(row.confirmedRule === null ? {} : { confirmedRule: row.confirmedRule }),
    }))

/** A mapping's rule; one that follows its source writes what that one's switches say (FEATURES S3). */
export function ruleInForce(
  { rule, followsSource, sourceId }: Pick<MappingRow, 'rule' | 'followsSource' | 'sourceId'>,
  sources: readonly Source[],
): Rule {
  const source = followsSource ? sources.find(({ id }) => id === sourceId) : undefined
  return source ? { ...rule, write: writesOf(source.data) } : rule
}

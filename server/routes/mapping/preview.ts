import type { Forecast } from '#billing/simulate.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { Deps } from '#server/deps.ts'
import { maySeeMoney } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { tryMapping } from '#sync/mapping/try-mapping.ts'
import type { PreviewProps } from '#views/mapping/preview.tsx'

/** What a mapping's rule makes of the newest readings, with amounts only for who may see them. */
export async function previewOf(
  deps: Deps,
  viewer: Viewer,
  asked: { mapping: MappingRow; together: readonly MappingRow[] },
): Promise<PreviewProps> {
  const trial = await tryMapping(deps, viewer.scope, viewer.tenant, asked)
  const { forecast } = trial
  if (!forecast || (await maySeeMoney(deps, viewer, asked.mapping.agreementId))) return trial
  return { ...trial, forecast: withoutMoney(forecast) }
}

const withoutMoney = (forecast: Forecast): Forecast => ({
  ...forecast,
  invoices: forecast.invoices.map(({ total: _, ...invoice }) => ({
    ...invoice,
    lines: invoice.lines.map(({ price: __, amount: ___, ...line }) => line),
  })),
})

import type { LoadedLine } from '#billing/lines/line.ts'
import {
  confirmed,
  type LineAddition,
  type LinesInput,
  monthKey,
  type PostedLine,
  postedKey,
} from '#billing/lines/posting.ts'
import { plainLineSettings } from '#billing/lines/settings.ts'
import type { Scope } from '#db/db.ts'
import { countPersistent, type LineAdditionRow, listLineAdditions } from '#db/line-additions.ts'
import { listConfirmedAccounts, listPostedPlaces, rulesText } from '#db/line-confirmed.ts'
import { listMadeAgreements } from '#db/line-places.ts'
import { type LineRow, listPosted } from '#db/lines.ts'
import { listSkuProducts } from '#db/sku-products.ts'
import type { Tenant } from '#db/tenants.ts'
import type { LineWork } from './line-work.ts'
import { shrunkMonths } from './shrunk.ts'

/** Everything the rows of invoice lines are made of, as it is stored (FEATURES 4.2 to 4.7). */
export async function loadLinesInput(scope: Scope, tenant: Tenant, work: LineWork): Promise<LinesInput> {
  const { rows, full, made } = work
  const accounts = new Map(
    rows.map((row) => [JSON.stringify([row.sourceId, row.account]), [row.sourceId, row.account] as const]),
  )
  for (const { source, accounts: names } of full)
    for (const name of names) accounts.set(JSON.stringify([source, name]), [source, name])
  const agreements = [...new Set(rows.flatMap((row) => row.placedAgreementId ?? []))]
  const oneTime = rows.filter(({ chargeKind }) => chargeKind === 'one-time')
  const [additions, persistent, posted, places, shrunk, ours] = await Promise.all([
    listLineAdditions(scope, { accounts: [...accounts.values()], agreements }),
    countPersistent(scope),
    listPosted(scope, oneTime),
    confirmedPlaces(scope),
    shrunkMonths(scope, tenant, rows),
    listMadeAgreements(scope),
  ])
  return {
    settings: tenant.lineSettings,
    lines: rows.map((row) => loadedLine(row, made)),
    additions: additions.filter(({ closedAt }) => closedAt === null).map(lineAddition),
    closed: additions.filter(({ closedAt }) => closedAt !== null).map(lineAddition),
    persistent,
    posted: new Map(posted.map((row) => [postedKey(row.sourceId, row.account, row.line), postedLine(row)])),
    full,
    confirmed: places,
    areRulesConfirmed: (tenant.confirmedLineRules ?? rulesText(plainLineSettings)) === rulesText(tenant.lineSettings),
    made: new Set(ours.map(({ agreementId }) => agreementId)),
    shrunk: new Map(shrunk.map(({ sourceId, period, text }) => [monthKey(sourceId, period), text])),
  }
}

/** A stored line as the pure core sees it. `made`: the agreements that would be made for companies, in a dry run. */
export function loadedLine(row: LineRow, made: ReadonlyMap<number, number> = new Map()): LoadedLine {
  const { id, account, period, said, chargeName, nameBadge, status, leftOut } = row
  const { effectiveOn, effectiveBadge, cancelledOn, cancelledBadge, warning } = row
  return {
    ...{ id, source: row.sourceId, account, period, snapshot: row.snapshotId, said, chargeName, nameBadge },
    ...(row.chargeKind === null ? {} : { kind: row.chargeKind }),
    dates: { effectiveOn, effectiveBadge, cancelledOn, cancelledBadge, ...(warning === null ? {} : { warning }) },
    place: placeOf(row, made),
    ...{ status, leftOut, gone: row.goneAt !== null },
    ...(row.correctionOf === null ? {} : { correctionOf: row.correctionOf }),
    ...(row.additionId === null ? {} : { additionId: row.additionId }),
  }
}

function placeOf(row: LineRow, made: ReadonlyMap<number, number>): LoadedLine['place'] {
  const { mapping, lacks, companyId, productId, placedAdditionId, leaveAlone } = row
  const agreementId = row.placedAgreementId ?? made.get(companyId ?? 0)
  return {
    mapping,
    ...(lacks === null ? {} : { lacks }),
    ...(companyId === null ? {} : { companyId }),
    ...(agreementId === undefined ? {} : { agreementId }),
    ...(productId === null ? {} : { productId }),
    ...(placedAdditionId === null ? {} : { additionId: placedAdditionId }),
    ...(leaveAlone.length === 0 ? {} : { leaveAlone }),
  }
}

const lineAddition = ({ sourceId, ...row }: LineAdditionRow): LineAddition => {
  const { additionId, agreementId, account, kind, identity, period, cancelledOn, isEndTyped } = row
  return { additionId, agreementId, source: sourceId, account, kind, identity, period, cancelledOn, isEndTyped }
}

const postedLine = ({ id, period, additionId }: Awaited<ReturnType<typeof listPosted>>[number]): PostedLine => ({
  line: id,
  period,
  additionId: additionId ?? 0,
})

/** Where lines were posted before, or a person said that they may be (G6, G8, P17). */
async function confirmedPlaces(scope: Scope): Promise<Set<string>> {
  const [places, accounts, products] = await Promise.all([
    listPostedPlaces(scope),
    listConfirmedAccounts(scope),
    listSkuProducts(scope),
  ])
  return new Set([
    ...accounts.map((row) => confirmed.company(row.sourceId, row.account, row.companyId ?? 0)),
    ...products.map((row) => confirmed.product(row.sourceId, row.sku, row.confirmedProductId ?? 0)),
    ...places.flatMap(({ sourceId, account, offer, companyId, agreementId, productId }) => [
      confirmed.company(sourceId, account, companyId ?? 0),
      confirmed.agreement(sourceId, account, agreementId ?? 0),
      confirmed.product(sourceId, offer, productId ?? 0),
    ]),
  ])
}

import type { Statement } from '#db/db.ts'
import type { MappingRow } from '#db/mappings.ts'
import { saveInstallationKillSwitch, saveKillSwitch } from '#db/tenants.ts'
import { addAddition, addAgreement, addCompany, addProduct } from './sandbox/manage/build.ts'
import type { AdditionRecord, AgreementRecord } from './sandbox/manage/records.ts'
import { emptyWorld } from './sandbox/manage/world.ts'
import { type App, type Options, startApp } from './start.ts'
import type { Open } from './stores.ts'

export interface Contoso extends App {
  addition: AdditionRecord
  agreement: AgreementRecord
  mapping: MappingRow
  /** What ConnectWise holds on the agreement now, in order of id. */
  held(): { id: number; quantity: number }[]
}

/** Contoso (250) with one monthly agreement (87) holding one addition (301) of product 512, mapped from account A-17. */
export async function givenContoso(open: Open, quantity: number, options: Options = {}): Promise<Contoso> {
  const world = options.world ?? emptyWorld()
  const product = addProduct(world, { id: 512, identifier: 'SEC-USER' })
  const company = addCompany(world, { id: 250, identifier: 'Contoso', name: 'Contoso Ltd' })
  const agreement = addAgreement(
    world,
    { id: 87, company, name: 'Managed Services', startDate: '2026-01-01T00:00:00Z' },
    '2026-11-17',
  )
  const addition = addAddition(world, { id: 301, agreement, product, quantity, unitPrice: 10, unitCost: 4 })
  const app = await startApp(open, { ...options, world })
  const mapping = await app.map({ account: 'A-17', agreementId: 87, additionId: 301 })
  return Object.assign(app, {
    mapping,
    addition,
    agreement,
    held: () => quantities(app, 87),
  })
}

/** As Contoso, but the agreement holds no addition: the mapping gives the product and a line has to be made. */
export async function givenNewLine(
  open: Open,
  options: Options = {},
): Promise<App & { held(): { id: number; quantity: number }[] }> {
  const world = options.world ?? emptyWorld()
  addProduct(world, { id: 512, identifier: 'SEC-USER' })
  const company = addCompany(world, { id: 250, identifier: 'Contoso', name: 'Contoso Ltd' })
  addAgreement(world, { id: 87, company, name: 'Managed Services', startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
  const app = await startApp(open, { ...options, world })
  await app.map({ account: 'A-17', agreementId: 87, productId: 512 })
  return Object.assign(app, { held: () => quantities(app, 87) })
}

/** The additions of an agreement as ConnectWise holds them. */
export function quantities({ world }: App, agreement: number): { id: number; quantity: number }[] {
  return [...world.additions.values()]
    .filter((addition) => addition.agreementId === agreement)
    .map(({ id, quantity }) => ({ id, quantity: quantity ?? 0 }))
}

export function killSwitchStatements({ deps, scope }: App, which: 'tenant' | 'install', on: boolean): Statement[] {
  return [which === 'tenant' ? saveKillSwitch(scope, on) : saveInstallationKillSwitch(deps.db, on)]
}

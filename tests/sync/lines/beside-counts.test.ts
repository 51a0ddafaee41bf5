import { expect, it } from 'vitest'
import { onSqlite } from '../../stores.ts'
import { givenMarketplace, line, sayLines } from './given.ts'

onSqlite((open) => {
  it('a count is not written to the addition of a subscription, and takes none for a twin (V6)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', quantity: '3' })] })
    await app.sync({ approveAs: 'ffin' })
    const [posted] = app.held()
    await app.map({ account: 'A-17', agreementId: 87, productId: 512 })
    await app.say({ 'A-17': 5 })
    const { details } = await app.sync({ approveAs: 'ffin' })
    expect(details.filter(({ line: ofLine }) => !ofLine)).toMatchObject([{ change: 'create', outcome: 'created' }])
    expect(
      app
        .held()
        .map(({ id, quantity }) => [id === posted?.id, quantity])
        .sort(),
    ).toEqual([
      [false, 5],
      [true, 3],
    ])
    await app.say({ 'A-17': 6 })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
    await app.close()
  })
})

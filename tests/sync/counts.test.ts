import { expect, it } from 'vitest'
import { givenContoso } from '../given.ts'
import { eachStore } from '../stores.ts'

eachStore((open) => {
  it('writes the count of a mapped account to its addition, and nothing the second time', async () => {
    const app = await givenContoso(open, 10)
    await app.say({ 'A-17': 12 })

    const first = await app.sync()
    expect(first).toMatchObject({ state: 'done', changes: { updated: 1, unchanged: 0 } })
    expect(first.details).toMatchObject([
      { account: 'A-17', addition: 301, change: 'update', fields: { quantity: [10, 12] }, outcome: 'updated' },
    ])
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])

    app.manage.requests.length = 0
    const second = await app.sync()
    expect(second).toMatchObject({ state: 'done', changes: { updated: 0, unchanged: 1 } })
    expect(app.manage.requests.filter((request) => request.method !== 'GET')).toEqual([])
    await app.close()
  })
})

import { expect, it } from 'vitest'
import { bound, givenNight, invoiceReads, size } from '../bench/night.ts'
import { openMemory } from '../stores.ts'

it('reads 200 agreements one by one and sends 30 changes in 231 requests where there is no report', async () => {
  const { requests, held, wanted } = await nightWith({ report: false })
  expect(requests).toHaveLength(231)
  expect(bound.withoutReport).toBe(231)
  expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(size.changed)
  expect(held).toEqual(wanted)
})

it('reads all additions from the report and sends 30 changes in 32 requests', async () => {
  const { requests, held, wanted } = await nightWith({ report: true })
  expect(requests).toHaveLength(32)
  expect(bound.withReport).toBe(32)
  expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(size.changed)
  expect(held).toEqual(wanted)
})

it.each([true, false])('adds one read of invoice facts where mappings prorate, with a report: %s', async (report) => {
  const { requests, held, wanted } = await nightWith({ report, prorate: true })
  expect(requests).toHaveLength((report ? bound.withReport : bound.withoutReport) + invoiceReads)
  expect(requests.filter(({ path }) => /AgreementInvoice|agreementrecap/i.test(path))).toHaveLength(1)
  expect(held).toEqual(wanted)
})

async function nightWith(options: { report: boolean; prorate?: boolean }) {
  const { app, world } = await givenNight(openMemory, options)
  await app.tick()
  await app.close()
  const held = new Map(world.additions.rows().map(({ id, quantity }) => [id, quantity]))
  return { requests: app.manage.requests, held, wanted: world.wanted }
}

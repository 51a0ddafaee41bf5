import { expect, it } from 'vitest'
import { addCompany } from '../sandbox/manage/build.ts'
import { openMemory } from '../stores.ts'
import { givenGrid } from './mapping-given.ts'

it('Refresh reads companies and products from ConnectWise again, so that what is new there can be picked (M26)', async () => {
  const { get, finance, world, close } = await givenGrid(openMemory)
  await finance.ask('POST', '/mappings/listing', {})
  addCompany(world, { id: 320, identifier: 'Tailspin', name: 'Tailspin Toys' })
  const offered = async () => (await get('/pickers/companies?search=Tailspin')).html
  expect(await offered()).not.toContain('Tailspin Toys')
  expect((await finance.ask('POST', '/mappings/listing', {})).status).toBe(200)
  expect(await offered()).toContain('Tailspin Toys')
  await close()
})

import { expect, it } from 'vitest'
import { eachStore, openMemory } from '../stores.ts'
import { scenarios } from './scenarios.ts'

const large = new Set(['E11'])

eachStore((open) => {
  it.each(scenarios.filter(({ id }) => !large.has(id)))('$id: $title', async ({ play, wanted }) => {
    expect(await play(open)).toEqual(wanted)
  })
})

it.each(scenarios.filter(({ id }) => large.has(id)))('$id: $title', async ({ play, wanted }) => {
  expect(await play(openMemory)).toEqual(wanted)
})

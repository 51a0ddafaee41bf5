import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { accounts } from '#db/schema.ts'
import { addCompany } from '../sandbox/manage/build.ts'
import { eachStore } from '../stores.ts'
import { givenLines } from './lines-given.ts'

const long = 'The Extraordinarily Long Name of 100% of_all Ümläut & Sons Holding GmbH'

eachStore((open) => {
  it('what is searched for may be as long as any name, and is taken to the letter (INJ-3)', async () => {
    const app = await givenLines(open, [{ line: 'L-1' }])
    addCompany(app.world, { id: 252, identifier: 'Long', name: long })
    await save(app.scope.db, [app.scope.db.update(accounts).set({ name: long })])
    const paths = ['/lines/rows', '/mappings/accounts', '/pickers/companies', '/pickers/products', '/logs/entries']
    for (const path of paths)
      for (const text of [long, '🦄'.repeat(24), '%'.repeat(60), long.replace('100%', '100_')]) {
        const query = `${path === '/logs/entries' ? 'text' : 'search'}=${encodeURIComponent(text)}`
        const { status, html } = await app.get(`${path}?${query}`)
        expect([path, text, status]).toEqual([path, text, 200])
        const isThere = text === long && !/products|logs/.test(path)
        expect([path, text, /Holding GmbH(?!&quot;| *"|%)/.test(html.replaceAll(/value="[^"]*"/g, ''))]).toEqual([
          ...[path, text, isThere],
        ])
      }
    await app.close()
  })
})

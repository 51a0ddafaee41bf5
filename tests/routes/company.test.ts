import { expect, it } from 'vitest'
import { givenContoso } from '../given.ts'
import { signIn } from '../session/signed-in.ts'
import { eachStore } from '../stores.ts'
import { wordsOf } from './words.ts'

eachStore((open) => {
  it('shows 12 against 10, what is pending and when it is written (V10)', async () => {
    const app = await givenContoso(open, 10)
    await app.say({ 'A-17': 12 })
    await app.preview()
    const { ask } = await signIn(app, { member: 'ffin', role: 'finance' })
    const answer = await ask('GET', '/companies/250')
    const html = await answer.text()
    console.log(html)
    const said = wordsOf(html)
    expect(answer.status).toBe(200)
    expect(said).toContain('from 10 → to 12')
  })
})

import { signIn } from '../session/signed-in.ts'
import type { App } from '../start.ts'
import { wordsOf } from './words.ts'

export type Form = Record<string, string>

/** Asks as an administrator: the status, the answer as sent, and the words people read in it. */
export async function admin(app: App) {
  const { ask } = await signIn(app, { member: 'jsmith', role: 'admin' })
  return async (method: string, path: string, form?: Form) => {
    const answer = await ask(method, path, form)
    const text = await answer.text()
    return { status: answer.status, text, words: wordsOf(text) }
  }
}

import { openMemory } from '../stores.ts'
import { scenarios } from './scenarios.ts'

/** `npm run scenarios`: the eleven scenarios played, TrueUp's answer beside what is wanted. */
let wrong = 0
for (const { id, title, wanted, play } of scenarios) {
  const answers = await play(openMemory).catch((error: unknown) => [`failed: ${error}`])
  console.log(`${id.padEnd(4)}${title}`)
  for (const [nth, want] of wanted.entries()) {
    const answer = answers[nth] ?? 'no answer'
    const isRight = answer === want
    if (!isRight) wrong++
    console.log(`      ${isRight ? 'as wanted' : 'WRONG    '}  ${answer}`)
    if (!isRight) console.log(`      wanted     ${want}`)
  }
}
console.log(wrong === 0 ? '\nAll eleven as wanted.' : `\n${wrong} answers are not as wanted.`)
process.exitCode = wrong === 0 ? 0 : 1

import { expect, it } from 'vitest'
import { createLog } from '#server/log.ts'
import { createLater } from '#server/node/later.ts'

function given() {
  const lines: string[] = []
  const log = createLog({ level: 'info', now: () => 0, write: (line) => lines.push(line) })
  return { lines, ...createLater({ now: () => 0, log }) }
}

it('a process that ends tells what goes on after its answer to stop, and waits for it (TRUST section 9)', async () => {
  const { later, endLater } = given()
  const steps: string[] = []
  let goOn: (() => void) | undefined
  later(async ({ stopping }) => {
    steps.push(`began, stopping ${stopping()}`)
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
    steps.push(`went on, stopping ${stopping()}`)
  })
  const ended = endLater().then(() => steps.push('ended'))
  goOn?.()
  await ended
  expect(steps).toEqual(['began, stopping false', 'went on, stopping true', 'ended'])
})

it('work that fails is logged, and ends nothing else', async () => {
  const { later, endLater, lines } = given()
  later(() => Promise.reject(new Error('the disk is full')))
  await endLater()
  expect(lines.join()).toContain('later.failed')
})

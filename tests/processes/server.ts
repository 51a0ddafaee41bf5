import { fileURLToPath } from 'node:url'
import { readConfig } from '#server/config.ts'
import { endWell } from '#server/node/shutdown.ts'
import { startServer } from '#server/node/start.ts'

/** `SIGKILL outcome.saved#3`: the signal this process sends itself, and the occurrence of the point where it does. */
const [signal = '', place = ''] = (process.env.SIGNAL_AT ?? '').split(' ')
const seen = new Map<string, number>()

function at(point: string): void {
  const occurrence = (seen.get(point) ?? 0) + 1
  seen.set(point, occurrence)
  if (place !== `${point}#${occurrence}`) return
  process.stdout.write(`${signal} ${place}\n`)
  process.kill(process.pid, signal)
}

const publicFolder = fileURLToPath(new URL('../../public', import.meta.url))
const { deps, drain } = await startServer(readConfig(process.env), {
  publicFolder,
  overrides: { at },
  tickEveryMs: 250,
})
endWell(deps.log, drain)

import { fileURLToPath } from 'node:url'
import { readConfig } from './config.ts'
import { reasonOf } from './log.ts'
import { endWell } from './node/shutdown.ts'
import { startServer } from './node/start.ts'
import { Problem } from './problem.ts'

const publicFolder = fileURLToPath(new URL('../public', import.meta.url))

try {
  const { deps, drain } = await startServer(readConfig(process.env), { publicFolder })
  endWell(deps.log, drain)
} catch (error) {
  process.stderr.write(`${error instanceof Problem ? error.message : reasonOf(error)}\n`)
  process.exit(1)
}

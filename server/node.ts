import { fileURLToPath } from 'node:url'
import { addOperatorCode, hasAdmin } from '#db/operator.ts'
import { readConfig } from './config.ts'
import { reasonOf } from './log.ts'
import { endWell } from './node/shutdown.ts'
import { startServer } from './node/start.ts'
import { Problem } from './problem.ts'

const publicFolder = fileURLToPath(new URL('../dist/public', import.meta.url))

try {
  const { deps, address, drain } = await startServer(readConfig(process.env), { publicFolder })
  // As text beside the log, so that no collector of logs keeps it.
  if (!(await hasAdmin(deps.db)))
    process.stderr.write(
      `To set TrueUp up open ${address}/operator and enter this code, once, within an hour:\n${await addOperatorCode(deps.db, deps.now())}\n`,
    )
  endWell(deps.log, drain)
} catch (error) {
  process.stderr.write(`${error instanceof Problem ? error.message : reasonOf(error)}\n`)
  process.exit(1)
}

import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'

/** `npm run dev:worker` needs a MASTER_KEY and no account: one is made for this checkout, once. */
if (!existsSync('.dev.vars'))
  writeFileSync('.dev.vars', `MASTER_KEY=${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })

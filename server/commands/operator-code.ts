import { addOperatorCode, operatorCode } from '#db/operator.ts'
import type { Command } from './command.ts'

export const operatorCodeCommand: Command = {
  name: 'operator-code',
  about: 'Print a one-time code for the operator’s page; it works once, within an hour, and replaces an unused one.',
  options: { d1: { about: 'on Workers: print the statement that stores it, and store nothing here' } },
  async run(call) {
    const url = `${call.outside.config().PUBLIC_URL}/operator`
    const said = (code: string) => `Open ${url} and enter this code, once, within an hour:\n${code}`
    if (call.isOn('d1')) {
      const { code, sql } = operatorCode(call.outside.now())
      const typed = `npx wrangler d1 execute DB --remote --command "${sql}"`
      call.print({ code, address: url, sql }, `Run first:\n${typed}\n${said(code)}`)
      return 0
    }
    const { deps } = await call.open()
    const code = await addOperatorCode(deps.db, deps.now())
    call.print({ code, address: url }, said(code))
    return 0
  },
}

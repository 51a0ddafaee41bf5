import { addOperatorCode } from '#db/operator.ts'
import type { Command } from './command.ts'

export const operatorCodeCommand: Command = {
  name: 'operator-code',
  about: 'Print a one-time code for the operator’s page; it works once, within an hour, and replaces an unused one.',
  options: {},
  async run(call) {
    const { deps } = await call.open()
    const code = await addOperatorCode(deps.db, deps.now())
    const address = `${deps.config.PUBLIC_URL}/operator`
    call.print({ code, address }, `Open ${address} and enter this code, once, within an hour:\n${code}`)
    return 0
  },
}

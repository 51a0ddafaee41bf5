import type { ExitCode, Outside } from '#server/commands/command.ts'
import { main } from '#server/commands/main.ts'
import { type Config, readConfig } from '#server/config.ts'
import type { Deps } from '#server/deps.ts'
import { defaultKeys } from '../sandbox/manage/manage.ts'
import type { App } from '../start.ts'

export interface Ran {
  exit: ExitCode
  out: string
  err: string
  /** stdout as the one JSON document. */
  json(): ReturnType<typeof JSON.parse>
}

export interface Typing {
  fetch?: (request: Request) => Promise<Response>
  input?: string
  variables?: Record<string, string>
  config?: Partial<Config>
}

/** Types a command line at an app's store, clock and sandbox, as one process would run it. */
export const typer =
  ({ deps, manage, clock }: Pick<App, 'deps' | 'manage' | 'clock'>) =>
  async (line: string | readonly string[], typing: Typing = {}): Promise<Ran> => {
    let out = ''
    let err = ''
    const config = { ...deps.config, ...typing.config }
    const outside: Outside = {
      variables: typing.variables ?? {},
      config: () => (typing.variables ? readConfig(typing.variables) : config),
      open: async () => opened({ ...deps, config }, typing.fetch ?? ((request) => manage.fetch(request))),
      now: clock.now,
      out: (text) => {
        out += text
      },
      err: (text) => {
        err += text
      },
      readInput: async () => typing.input ?? '',
      slice: { stopping: () => false },
    }
    const args = typeof line === 'string' ? line.split(' ').filter(Boolean) : line
    const exit = await clock.run(main(args, outside))
    return { exit, out, err, json: () => JSON.parse(out) }
  }

function opened(deps: Deps, fetch: (request: Request) => Promise<Response>) {
  const { now, sleep, random, log } = deps
  return { deps, effects: { fetch, now, sleep, random, log }, close: () => undefined }
}

/** What somebody types to connect the sandbox's company, with some of it different. */
export function connectLine(different: Record<string, string | undefined> = {}): string[] {
  const typed = {
    site: 'na.myconnectwise.net',
    'company-id': defaultKeys.companyId,
    'public-key': defaultKeys.publicKey,
    'private-key': defaultKeys.privateKey,
    'client-id': defaultKeys.clientId,
    ...different,
  }
  const options = Object.entries(typed).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))
  return ['connect', ...options]
}

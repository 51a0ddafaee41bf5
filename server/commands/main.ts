import { reasonOf } from '#server/log.ts'
import { type Place, Problem } from '#server/problem.ts'
import { parseArguments, type Typed } from './arguments.ts'
import { type Call, type Command, type ExitCode, type Opened, type Outside, UsageProblem } from './command.ts'
import { helpOf, helpOfAll, usageOf } from './help.ts'
import { commands } from './list.ts'
import { printable } from './text.ts'

/** Runs the command line and answers with its exit code; it never throws. */
export async function main(typed: readonly string[], outside: Outside): Promise<ExitCode> {
  const asJson = typed.includes('--json')
  const args = typed[0] === '--json' ? typed.slice(1) : typed
  const print = (document: unknown, text: string) =>
    outside.out(`${asJson ? JSON.stringify(document) : printable(text)}\n`)
  const command = commands.find(({ name }) => name.split(' ').every((word, at) => args[at] === word))
  try {
    if (!command) return helpOrRefuse(args, print)
    const parsed = parseArguments(command, args.slice(command.name.split(' ').length))
    if (!parsed.switches.has('help')) return await run(command, parsed, outside, print)
    print({ help: helpOf(command) }, helpOf(command))
    return 0
  } catch (error) {
    const { kind, message, places, exit } = explain(error)
    if (asJson) print({ error: { kind, message, places } }, '')
    const usage = exit === 64 ? `Usage: ${command ? usageOf(command) : 'trueup COMMAND [options]; trueup --help'}` : ''
    const listed = places.map((place) => `${place.path}: ${place.message}`).filter((line) => !message.includes(line))
    outside.err(`${printable([message, ...listed.map((line) => `  ${line}`), usage].filter(Boolean).join('\n'))}\n`)
    return exit
  }
}

function helpOrRefuse(args: readonly string[], print: Call['print']): ExitCode {
  const [first] = args
  if (first === '--help' || first === '-h' || first === 'help') {
    print({ help: helpOfAll(commands) }, helpOfAll(commands))
    return 0
  }
  const family = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name)
  if (family.length > 0) throw new UsageProblem(`Say which: ${family.join(', ')}.`)
  throw new UsageProblem(
    first === undefined ? 'A command is missing.' : `There is no command ${JSON.stringify(first.slice(0, 40))}.`,
  )
}

async function run(command: Command, typed: Typed, outside: Outside, print: Call['print']): Promise<ExitCode> {
  let opened: Opened | undefined
  const option = (name: string) => typed.options.get(name)?.[0]
  const call: Call = {
    outside,
    print,
    open: async () => (opened ??= await outside.open(outside.config())),
    option,
    required: (name) => {
      const value = option(name)
      if (value === undefined) throw new UsageProblem(`--${name} is missing.`)
      return value
    },
    every: (name) => typed.options.get(name) ?? [],
    isOn: (name) => typed.switches.has(name),
    argument: (at) => typed.arguments[at],
    note: (text) => outside.err(`${printable(text)}\n`),
  }
  try {
    return await command.run(call)
  } finally {
    await opened?.close()
  }
}

interface Explained {
  kind: string
  message: string
  places: readonly Place[]
  exit: ExitCode
}

/** What nobody foresaw is one sentence too: never a stack, never a query and its values. */
function explain(error: unknown): Explained {
  if (error instanceof UsageProblem) return { kind: 'usage', message: error.message, places: error.places, exit: 64 }
  if (error instanceof Problem) return { kind: error.kind, message: error.message, places: error.places, exit: 1 }
  return { kind: 'unexpected', message: `It failed unexpectedly: ${reasonOf(error)}.`, places: [], exit: 1 }
}

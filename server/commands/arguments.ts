import { parseArgs } from 'node:util'
import { type Command, type Option, UsageProblem } from './command.ts'
import { listed } from './text.ts'

/** What was typed after a command's name. */
export interface Typed {
  options: ReadonlyMap<string, readonly string[]>
  switches: ReadonlySet<string>
  arguments: readonly string[]
}

export const switches: Readonly<Record<string, Option>> = {
  json: { about: 'print one JSON document on stdout, everything else on stderr' },
  help: { about: 'show this help' },
}

type Token = NonNullable<ReturnType<typeof parseTokens>>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/** Reads arguments as a command declares them. Throws a UsageProblem, which never repeats a value: it may be a key. */
export function parseArguments(command: Command, args: readonly string[]): Typed {
  const known = { ...command.options, ...switches }
  const tokens = parseTokens(known, args)
  const options = new Map<string, string[]>()
  const on = new Set<string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined
    if (!option) throw new UsageProblem(`There is no option ${token.rawName}.`)
    if (option.value === undefined) on.add(switchOf(token))
    else options.set(token.name, [...(options.get(token.name) ?? []), textOf(token, option, options.has(token.name))])
  }
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  if (!on.has('help')) checkComplete(command, options, positionals)
  return { options, switches: on, arguments: positionals }
}

function parseTokens(known: Readonly<Record<string, Option>>, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { value }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(name === 'help' && { short: 'h' }),
      },
    ]),
  )
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens
}

function switchOf({ name, rawName, value }: OptionToken): string {
  if (value !== undefined) throw new UsageProblem(`${rawName} takes no value.`)
  return name
}

function textOf({ rawName, value, inlineValue }: OptionToken, option: Option, isAgain: boolean): string {
  const looksLikeOption = !inlineValue && value !== undefined && value.length > 1 && value.startsWith('-')
  if (value === undefined || value === '' || looksLikeOption) throw new UsageProblem(`${rawName} needs a value.`)
  if (isAgain && !option.repeated) throw new UsageProblem(`${rawName} is given twice.`)
  return value
}

function checkComplete(
  { options: known, arguments: wanted = [] }: Command,
  options: ReadonlyMap<string, unknown>,
  positionals: readonly string[],
): void {
  const missing = [
    ...wanted.filter(({ optional }, at) => !optional && positionals[at] === undefined).map(({ value }) => value),
    ...Object.entries(known).flatMap(([name, { required }]) => (required && !options.has(name) ? [`--${name}`] : [])),
  ]
  if (missing.length > 0) throw new UsageProblem(`${listed(missing)} ${missing.length > 1 ? 'are' : 'is'} missing.`)
  if (positionals.length > wanted.length) throw new UsageProblem(`There are more arguments than expected.`)
}

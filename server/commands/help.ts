import { switches } from './arguments.ts'
import type { Command } from './command.ts'
import { table } from './text.ts'

/** `trueup plans approve PLAN --as MEMBER` */
export function usageOf({ name, options, arguments: wanted = [] }: Command): string {
  const positionals = wanted.map(({ value, optional }) => (optional ? `[${value}]` : value))
  const flags = Object.entries(options).map(([flag, { value, required, repeated }]) => {
    const text = `--${flag}${value === undefined ? '' : ` ${value}`}`
    return required ? text : `[${text}${repeated ? ' …' : ''}]`
  })
  return ['trueup', name, ...positionals, ...flags, '[--json]'].join(' ')
}

export function helpOf(command: Command): string {
  const rows = [
    ...(command.arguments ?? []).map(({ value, about }) => [`  ${value}`, about]),
    ...Object.entries({ ...command.options, ...switches }).map(([flag, { value, about }]) => [
      `  --${flag}${value === undefined ? '' : ` ${value}`}`,
      about,
    ]),
  ]
  return `${command.about}\n\nUsage: ${usageOf(command)}\n\n${table(rows)}`
}

export function helpOfAll(commands: readonly Command[]): string {
  const rows = commands.map(({ name, about }) => [`  ${name}`, about])
  return [
    'Keeps ConnectWise agreement billing equal to what was really delivered.',
    '',
    'Usage: trueup COMMAND [options]',
    '',
    table(rows),
    '',
    'trueup COMMAND --help shows the options of one command.',
    'It ends with 0 when done, 1 when failed, 2 when something waits for a person, 64 when it was called wrongly.',
  ].join('\n')
}

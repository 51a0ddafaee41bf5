import * as z from 'zod'
import type { Remarks } from '#server/deps.ts'
import { type Call, UsageProblem } from './command.ts'

/** What the options say of a file's columns, numbers and days. */
export function remarksIn(call: Call): Remarks {
  const columns = call.every('column').map((pair) => /^([A-Za-z]+)=(.*)$/s.exec(pair)?.slice(1) ?? [])
  if (columns.some(([field]) => field === undefined)) throw new UsageProblem('--column must be FIELD=HEADER.')
  const kind = oneOf(call, 'kind', ['counts', 'usage', 'invoice-lines'])
  const decimal = oneOf(call, 'decimal', ['.', ','])
  const days = oneOf(call, 'days', ['day-month', 'month-day'])
  const [metric, currency] = [call.option('metric'), call.option('currency')]
  return {
    columns: Object.fromEntries(columns),
    ...(kind ? { kind } : {}),
    ...(decimal ? { decimal } : {}),
    ...(days ? { days } : {}),
    ...(metric ? { metric } : {}),
    ...(currency ? { currency } : {}),
  }
}

function oneOf<T extends string>(call: Call, name: string, values: readonly T[]): T | undefined {
  const given = call.option(name)
  const value = values.find((one) => one === given)
  if (given !== undefined && value === undefined) throw new UsageProblem(`--${name} must be ${values.join(' or ')}.`)
  return value
}

/** An option as it was given, where it reads as `what`; undefined without it. */
export function matching(call: Call, name: string, pattern: RegExp, what: string): string | undefined {
  const given = call.option(name)
  if (given !== undefined && !pattern.test(given)) throw new UsageProblem(`--${name} must be ${what}.`)
  return given
}

/** The day of `--taken-on`; undefined without it. */
export function dayNamed(call: Call): string | undefined {
  const given = call.option('taken-on')
  if (given !== undefined && !z.iso.date().safeParse(given).success)
    throw new UsageProblem('--taken-on must be a day that exists, such as 2026-11-30.')
  return given
}

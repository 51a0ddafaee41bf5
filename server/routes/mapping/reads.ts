import { add } from '#billing/decimal.ts'
import { readsKey, readWords } from '#billing/mapping.ts'
import type { Read, Reading } from '#billing/reading.ts'
import type { Typed } from '#routes/form.ts'
import { reads as readsSchema } from '#sync/mapping/row.ts'
import type { ReadLine } from '#views/mapping/reads.tsx'

const mostLines = 500

/** Everything a mapping reads or could read of its account: what is read already, then what the newest snapshots name. */
export function readLines(chosen: readonly Read[], readings: readonly Reading[]): ReadLine[] {
  const own = chosen.map((read) => lineOf(read, true, readings))
  const known = new Set(own.map(({ of }) => of))
  const offered = offeredReads(readings).map((read) => lineOf(read, false, readings))
  return [...own, ...offered.filter(({ of }) => !known.has(of))].slice(0, mostLines)
}

function lineOf(read: Read, on: boolean, readings: readonly Reading[]): ReadLine {
  const whole = wholeOf(read)
  const picked = 'metric' in read ? (read.services ?? []) : []
  const quantity = quantityOf(whole, readings)
  return {
    of: JSON.stringify(whole),
    text: readWords(whole),
    on,
    services: [...new Set([...picked, ...servicesOf(whole, readings)])].map((name) => ({
      name,
      on: picked.includes(name),
    })),
    ...(quantity === undefined ? {} : { quantity }),
  }
}

/** Without the services that narrow it: those are ticked apart. */
const wholeOf = (read: Read): Read => ('metric' in read ? { metric: read.metric } : read)

function isOf(read: Read, { kind, name, term, subscription }: Reading): boolean {
  if ('metric' in read) return kind === 'metric' && name === read.metric
  if ('offer' in read || kind !== 'sku' || name !== read.sku) return false
  return (
    (read.term === undefined || read.term === term) &&
    (read.subscription === undefined || read.subscription === subscription)
  )
}

function quantityOf(read: Read, readings: readonly Reading[]): string | undefined {
  const found = readings.filter((reading) => isOf(read, reading))
  return found.length === 0 ? undefined : found.map(({ quantity }) => quantity).reduce(add)
}

function servicesOf(read: Read, readings: readonly Reading[]): string[] {
  if (!('metric' in read)) return []
  const people = readings.filter((reading) => isOf(read, reading)).flatMap(({ people }) => people ?? [])
  return [...new Set(people.flatMap(({ services }) => services ?? []))].sort()
}

/** A metric as it is; a SKU as a whole, by term where there are several, by subscription where a term has several (V19). */
function offeredReads(readings: readonly Reading[]): Read[] {
  const all = readings.flatMap(({ kind, name, term, subscription }): Read[] => {
    if (kind === 'metric') return [{ metric: name }]
    const byTerm = { sku: name, ...(term === undefined ? {} : { term }) }
    const others = readings.filter((other) => isOf(byTerm, other) && other.subscription !== subscription)
    const isSplit = subscription !== undefined && others.length > 0
    const several = readings.some((other) => isOf({ sku: name }, other) && other.term !== term)
    return [...(several ? [{ sku: name }] : []), byTerm, ...(isSplit ? [{ ...byTerm, subscription }] : [])]
  })
  return [...new Map(all.map((read) => [readsKey([read]), read])).values()]
}

/** The lines as they were sent, with what was ticked. */
export function linesIn(typed: Typed): ReadLine[] {
  const lines: ReadLine[] = []
  for (let at = 0; at < mostLines; at++) {
    const of = typed[`read-${at}-of`]
    if (of === undefined) break
    const read = parsed(of)
    const services = namesIn(typed[`read-${at}-services`])
    lines.push({
      of,
      text: read ? readWords(read) : of,
      on: typed[`read-${at}`] === 'on',
      services: services.map((name, nth) => ({ name, on: typed[`read-${at}-service-${nth}`] === 'on' })),
      ...(typed[`read-${at}-quantity`] ? { quantity: typed[`read-${at}-quantity`] ?? '' } : {}),
    })
  }
  return lines
}

/** What is ticked, as it would be read; or what is wrong with it, in words. Checked as in a file. */
export function readsOfLines(lines: readonly ReadLine[]): { reads: Read[] } | { error: string } {
  const ticked = lines.filter(({ on }) => on)
  if (ticked.length === 0) return { error: 'tick at least one' }
  const narrowed = ticked.map(({ of, services }) => {
    const picked = services.filter(({ on }) => on).map(({ name }) => name)
    return { ...jsonOf(of), ...(picked.length > 0 ? { services: picked } : {}) }
  })
  const read = readsSchema.safeParse(narrowed)
  return read.success ? { reads: read.data } : { error: read.error.issues[0]?.message ?? 'is not known' }
}

const parsed = (text: string): Read | undefined => readsSchema.safeParse(jsonOf(text)).data?.[0]

function namesIn(text: string | undefined): string[] {
  const names = jsonOf(text ?? '[]')
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

function jsonOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

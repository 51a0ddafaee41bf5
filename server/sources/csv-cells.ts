import { chargeTypes } from '#billing/lines/line.ts'
import type { DayOrder } from './contract.ts'
import { dayIn } from './csv-days.ts'
import type { Field } from './csv-fields.ts'
import { plain } from './csv-fields.ts'
import { numberIn } from './csv-numbers.ts'

/** How a file writes what can be written in several ways. */
export interface Style {
  decimal: '.' | ','
  days: DayOrder
}

/** What a cell says, or why it says nothing. */
export type Said = { value: string | boolean | string[] } | { wrong: string }

const spreadsheetError = /^#(?:N\/A|NV|[A-ZÀ-Ü]+(?:\/0)?[!?]|#+)$/
const shortened = /^\d(?:[.,]\d+)?E\+\d+$/i

/** A trimmed cell as its field is read. It is text, whatever it begins with; only numbers and days are understood. */
export function said({ type, name }: Field, cell: string, style: Style): Said {
  if (spreadsheetError.test(cell)) return { wrong: `holds the spreadsheet error ${cell}` }
  if (type === 'number') return number(cell, style)
  if (type === 'day') return day(cell, style)
  if (type === 'flag') return flag(cell)
  if (type === 'list') return { value: listOf(cell) }
  if (type === 'code') return { value: name === 'currency' ? cell.toUpperCase() : chargeTypeOf(cell) }
  if (shortened.test(cell)) return { wrong: `${cell} was shortened by a spreadsheet: format the column as text` }
  return { value: cell }
}

function number(cell: string, { decimal }: Style): Said {
  const value = numberIn(cell, decimal)
  if (value !== undefined) return { value }
  if (/^[=+@]/.test(cell) || /^-(?!\d)/.test(cell))
    return { wrong: 'is a formula or text, not a number: save the file with values' }
  if (/^-?[\d.,]+e[+-]?\d+$/i.test(cell)) return { wrong: 'must be written without an exponent' }
  if (numberIn(cell, decimal === '.' ? ',' : '.') !== undefined)
    return {
      wrong: `${shown(cell)} is not written with a ${decimal === '.' ? 'point' : 'comma'} as the other numbers are`,
    }
  return { wrong: `must be a number, not ${shown(cell)}` }
}

function day(cell: string, { days }: Style): Said {
  const value = dayIn(cell, days)
  if (value !== undefined) return { value }
  if (/^\d{5}$/.test(cell)) return { wrong: `${cell} is a spreadsheet's day number: format the column as a date` }
  return { wrong: `must be a day with a year of four digits, not ${shown(cell)}` }
}

const yes = new Set(['true', 'yes', 'y', '1', 'x', 'ja', 'wahr', 'oui', 'vrai', 'si'])
const no = new Set(['false', 'no', 'n', '0', 'nein', 'falsch', 'non', 'faux', 'nee'])

function flag(cell: string): Said {
  const word = plain(cell)
  if (yes.has(word)) return { value: true }
  return no.has(word) ? { value: false } : { wrong: `must be yes or no, not ${shown(cell)}` }
}

/** `training; phishing`; a comma divides as well where no semicolon does. */
function listOf(cell: string): string[] {
  const sign = cell.includes(';') ? ';' : cell.includes('|') ? '|' : ','
  return cell
    .split(sign)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** `Cycle fee` and `cyclefee` are CycleFee; anything else stays what it is. */
const chargeTypeOf = (cell: string): string => chargeTypes.find((known) => plain(known) === plain(cell)) ?? cell

const shown = (cell: string): string => JSON.stringify(cell.slice(0, 40))

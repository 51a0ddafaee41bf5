import type { FieldProblem } from '../api/refusal.ts'
import type { Row } from '../records.ts'
import type { World } from '../tables.ts'
import { choice, type Field, flag, integer, required, text } from './fields.ts'
import { noun, problem } from './noun.ts'

export const customFieldDefinitions = noun({
  resource: 'userDefinedField',
  path: '/system/userdefinedfields',
  table: 'userDefinedFields',
  module: 'System > Table Setup',
  readsFreely: true,
  fields: {
    podId: required(integer),
    caption: required(text(25)),
    sequenceNumber: required(integer),
    fieldTypeIdentifier: required(choice('Text', 'TextArea', 'Number', 'Date', 'Checkbox')),
    entryTypeIdentifier: choice('Date', 'EntryField', 'List', 'Option'),
    screenId: text(25),
    readOnlyFlag: flag,
    displayOnScreenFlag: flag,
    listViewFlag: flag,
  },
})

const longestText = 100

const definedOn = (world: World, screen: string) =>
  world.userDefinedFields.rows().filter(({ screenId }) => screenId === screen)

/** The custom fields of a screen: answered with their definitions, and taken as one array that replaces all of them. */
export const customFields = (screen: string): Field => ({
  kind: 'array',
  computed: ({ customFields: stored }, { world }) => {
    const defined = definedOn(world, screen)
    if (defined.length === 0) return stored
    const values = valuesOf(stored)
    return defined.map(({ id, caption, fieldTypeIdentifier: type, entryTypeIdentifier: entryMethod }) => ({
      ...{ id, caption, type, entryMethod, numberOfDecimals: 0 },
      ...(values.has(id) ? { value: values.get(id) } : {}),
    }))
  },
})

/** What ConnectWise refuses of the array: fields of another screen, and texts that are too long. */
export function customFieldProblems(
  { customFields: stored }: Row,
  touched: ReadonlySet<string>,
  world: World,
  { screen, resource }: { screen: string; resource: string },
): (FieldProblem | undefined)[] {
  const defined = definedOn(world, screen)
  if (!touched.has('customFields') || defined.length === 0) return []
  const refuse = (found: boolean, message: string) => problem(found, resource, 'customFields', 'InvalidField', message)
  return [...valuesOf(stored)].flatMap(([id, value]) => [
    refuse(!defined.some((one) => one.id === id), `The custom field ${id} is not on this screen.`),
    refuse(
      typeof value === 'string' && value.length > longestText,
      `The custom field ${id} takes ${longestText} characters.`,
    ),
  ])
}

const valuesOf = (stored: unknown): Map<number, unknown> =>
  new Map(
    (Array.isArray(stored) ? (stored as { id: number; value?: unknown }[]) : []).map(({ id, value }) => [id, value]),
  )

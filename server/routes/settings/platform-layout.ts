import { Problem } from '#server/problem.ts'

/** `account=customers[].id`, one setting a line, into settings by name. Throws a Problem that names a line that is none. */
export function layoutOf(text: string): Record<string, string> {
  const lines = text.split('\n').map((line) => line.trim())
  const pairs = lines.flatMap((line, at): [string, string][] => {
    if (line === '') return []
    const [, name = '', value = ''] = /^([A-Za-z]{1,40})\s*=\s*(\S.*)$/.exec(line) ?? []
    if (name !== '') return [[name, value]]
    throw wrong(`line ${at + 1} must be a name, = and where it stands, such as account=customers[].id`)
  })
  const settings = Object.fromEntries(pairs)
  const twice = pairs.find(([name, value]) => settings[name] !== value)
  if (twice) throw wrong(`${twice[0]} is given twice`)
  return settings
}

export const textOfLayout = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

const wrong = (message: string): Problem =>
  new Problem('invalid', `The layout: ${message}.`, { places: [{ path: 'layout', message }] })

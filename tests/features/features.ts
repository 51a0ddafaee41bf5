import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { features } from './rows.ts'

/** `npm run features`: each behaviour with the tests whose names carry its id; fails where a built one has none. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = (...args: string[]): string =>
  execFileSync('npx', args, { cwd: root, encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'inherit'] })

/** The names of all tests, with the names of the groups around them, in vitest and in the browser. */
function listTests(): string[] {
  const units = run('vitest', 'list', '--json', '--config', 'tests/vitest.config.ts')
  const found = JSON.parse(units.slice(units.indexOf('['))) as { name: string }[]
  const browser = run('playwright', 'test', '--list', '--config', 'tests/playwright.config.ts')
  const listed = browser.split('\n').filter((line) => line.includes(' › '))
  return [...found.map(({ name }) => name), ...listed.map((line) => line.trim())]
}

/** Both stores run the same test: it counts once. */
const plain = (name: string): string => name.replace(/^on (?:better-sqlite3|D1) > /, '')

const idsIn = (name: string): string[] => [...new Set(name.match(/\b(?:PR|[KSMPRXQVE])\d{1,2}\b/g) ?? [])]

const mostNamed = 40

/** Names of tests; in a long list what stands more than five times in one group is a table of cases, and counted. */
function named(tests: readonly string[]): string[] {
  const groupOf = (name: string) => name.split(' > ').slice(0, -1).join(' > ')
  const groups = new Map<string, string[]>()
  for (const name of tests) groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), name])
  if (tests.length <= mostNamed) return [...tests]
  return [...groups].flatMap(([group, all]) => (group && all.length > 5 ? [`${group}: ${all.length} cases`] : all))
}

const shown = new Map<string, Set<string>>()
for (const name of listTests().map(plain))
  for (const id of idsIn(name)) shown.set(id, (shown.get(id) ?? new Set()).add(name))

const isBrief = process.argv.includes('--brief')
const missing: string[] = []
for (const { id, from, words, built } of features) {
  const tests = [...(shown.get(id) ?? [])]
  if (built && tests.length === 0) missing.push(id)
  const state =
    tests.length > 0 ? `${tests.length} test${tests.length === 1 ? '' : 's'}` : built ? 'MISSING' : 'to come'
  console.log(`${id.padEnd(5)}${from.join(' ').padEnd(12)}${words}: ${state}`)
  if (!isBrief) for (const name of named(tests)) console.log(`       ${name}`)
}
const built = features.filter((feature) => feature.built).length
console.log(`\n${built - missing.length} of ${built} built behaviours are shown by a test.`)
if (missing.length > 0) console.log(`Missing: ${missing.join(' ')}`)
process.exitCode = missing.length > 0 ? 1 : 0

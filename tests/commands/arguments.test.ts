import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commands } from '#server/commands/list.ts'
import { type App, startApp } from '../start.ts'
import { openMemory } from '../stores.ts'
import { typer } from './given.ts'

describe('the command line', () => {
  let app: App
  let type: ReturnType<typeof typer>
  beforeEach(async () => {
    app = await startApp(openMemory)
    type = typer(app)
  })
  afterEach(() => app.close())

  it('shows every command with --help, and ends with 0', async () => {
    const { exit, out, err } = await type('--help')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    for (const { name } of commands) expect(out).toContain(`  ${name}`)
  })

  it.each(commands.map(({ name }) => name))('shows the usage and every option of %s with --help', async (name) => {
    const { exit, out } = await type(`${name} --help`)
    expect(exit).toBe(0)
    expect(out).toContain(`Usage: trueup ${name}`)
    for (const option of Object.keys(commands.find((command) => command.name === name)?.options ?? {}))
      expect(out).toContain(`--${option}`)
  })

  it.each([
    ['', 'A command is missing.'],
    ['snyc', 'There is no command "snyc".'],
    ['plans', 'Say which: plans show, plans approve, plans dismiss.'],
    ['sync', '--tenant is missing.'],
    ['sync --tenant', '--tenant needs a value.'],
    ['sync --tenant --dry-run', '--tenant needs a value.'],
    ['sync --tenant=', '--tenant needs a value.'],
    ['sync --tenant acme --tenant other', '--tenant is given twice.'],
    ['sync --tenant acme --dryrun', 'There is no option --dryrun.'],
    ['sync --tenant acme --dry-run=yes', '--dry-run takes no value.'],
    ['sync --tenant acme now', 'There are more arguments than expected.'],
    ['sync --tenant acme -x', 'There is no option -x.'],
    ['sync --tenant acme --dry-run --approve-as ann', 'A dry run approves nothing'],
    ['plans approve', 'PLAN and --as are missing.'],
    ['connect', '--site, --company-id and --public-key are missing.'],
    ['plans show', 'PLAN is missing.'],
    ['kill-switch maybe', 'Say on or off.'],
    ['connect --site x --__proto__ y', 'There is no option --__proto__.'],
    ['sources add pull --tenant acme --name X', 'There is no such kind of source; there is push, csv, http.'],
    ['sources add toString --tenant acme --name X', 'There is no such kind of source; there is push, csv, http.'],
    ['sources add push --tenant acme --name X --setting colour', '--setting must be KEY=VALUE.'],
    ['sources add push --tenant acme --name X --setting a=1 --setting a=2', '--setting a is given twice.'],
    ['sources add push --tenant acme --name X --setting url=x', 'url: is not known here'],
    [
      'sources add push --tenant acme --name X --setting billingPeriod=next',
      'billingPeriod: must be current or previous',
    ],
  ])('refuses `%s` with 64, one sentence and the usage', async (line, sentence) => {
    const { exit, out, err } = await type(line)
    expect({ exit, out }).toEqual({ exit: 64, out: '' })
    expect(err).toContain(sentence)
    expect(err).toContain('Usage: trueup')
  })

  it('names every wrong setting at once', async () => {
    const { exit, json } = await type(
      'sources add push --tenant acme --name X --setting url=x --setting billingPeriod=y --json',
    )
    expect(exit).toBe(64)
    expect(json().error.places.map(({ path }: { path: string }) => path)).toEqual(['billingPeriod', 'url'])
  })

  it('says a usage problem as one JSON document too', async () => {
    const { exit, json, err } = await type('sync --json')
    expect(exit).toBe(64)
    expect(json()).toEqual({ error: { kind: 'usage', message: '--tenant is missing.', places: [] } })
    expect(err).toContain('Usage: trueup sync')
  })

  it('takes --json before the command as well', async () => {
    const { exit, json } = await type('--json sync')
    expect({ exit, kind: json().error.kind }).toEqual({ exit: 64, kind: 'usage' })
    expect((await type('--json --help')).json().help).toContain('Usage: trueup COMMAND')
  })

  it('never repeats what may be a key', async () => {
    const lines = [
      'connect --site na.myconnectwise.net --company-id acme --public-key pub --privat-key=sEcr3tXy9',
      'connect --site na.myconnectwise.net --company-id acme --public-key pub --private-key sEcr3tXy9 sEcr3tXy9',
      'connect --public-key sEcr3tXy9 --public-key sEcr3tXy9',
    ]
    for (const line of lines) {
      const { exit, out, err } = await type(line)
      expect(exit).toBe(64)
      expect(out + err).not.toContain('sEcr3tXy9')
    }
  })

  it('names every wrong variable of the environment', async () => {
    const { exit, err } = await type('sync --tenant acme', { variables: { PORT: 'x', TICK: 'maybe' } })
    expect(exit).toBe(1)
    expect(err.split('\n').filter((line) => /^(PORT|TICK): expected/.test(line))).toHaveLength(2)
  })

  it('says what nobody foresaw without a stack', async () => {
    await app.close()
    const { exit, err } = await type('sync --tenant acme')
    expect(exit).toBe(1)
    expect(err).toMatch(/^It failed unexpectedly: .*not open\.\n$/)
  })

  it('names a tenant, source, account or plan that does not exist', async () => {
    expect((await type('sync --tenant nobody')).err).toContain('There is no tenant "nobody". There is acme.')
    expect((await type('sync --tenant acme --source none')).err).toContain('acme has no source "none".')
    expect((await type('sync --tenant acme --account A-1 --account B-2')).err).toContain(
      'acme has no account "A-1", "B-2".',
    )
    const { exit, err } = await type('plans approve none --as ann')
    expect({ exit, err }).toEqual({ exit: 1, err: 'There is no plan "none".\n' })
  })
})

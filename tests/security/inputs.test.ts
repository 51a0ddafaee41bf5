import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { listAccounts, listStatements } from '#db/snapshots.ts'
import { listSources } from '#db/sources.ts'
import { createLog } from '#server/log.ts'
import { Problem } from '#server/problem.ts'
import { push } from '#sources/push.ts'
import { parseMappings } from '#sync/mapping/file.ts'
import { typer } from '../commands/given.ts'
import { givenContoso } from '../given.ts'
import { givenApp } from '../routes/given.ts'
import { eachStore, openMemory } from '../stores.ts'

const hostile = [
  ...['" or 1=1 or name="', "' or '1'='1", "'); drop table accounts; --", ')', '%', '_', '*', '?', '1;drop', '1/../2'],
  ...['id=1&id=2', '/quantity/../unitPrice', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '$where'],
  ...[
    '{{7*7}}',
    '=HYPERLINK("http://evil")',
    '+1',
    '-1+2',
    '@SUM(A1)',
    '<script>alert(1)</script>',
    '../../etc/passwd',
  ],
  ...[
    'a\u2028b',
    '\u202eabc',
    'ＡＢＣ',
    'é',
    'e\u0301',
    '👩‍👩‍👧',
    'null',
    'undefined',
    'NaN',
    '[object Object]',
    '\\',
    '\\u0000',
  ],
]
const refused = [
  '',
  ' ',
  'a\n{"level":50}',
  'a\r\nSet-Cookie: x',
  'a\u0000',
  'a\u0085b',
  '\ud800',
  'a\udfff',
  ' a',
  'a '.repeat(60),
]

const bodyOf = (accounts: object[]) =>
  JSON.stringify({ kind: 'counts', period: '2026-11', takenAt: '2026-11-21T22:00:00Z', complete: true, accounts })
const now = Date.parse('2026-11-21T22:00:00Z')
const isRefused = (text: string): boolean => {
  try {
    push.receive?.(text, now)
    return false
  } catch (error) {
    if (error instanceof Problem) return true
    throw error
  }
}

eachStore((open) => {
  it('INJ-1 to INJ-3, INJ-7 to INJ-9: keeps what a source calls its things to the letter, and finds each under its own name only', async () => {
    const app = await givenApp(open)
    const accounts = hostile.map((text, quantity) => ({ id: text, name: text, counts: [{ metric: text, quantity }] }))
    const answer = await app.fetch('/api/v1/snapshots', {
      method: 'POST',
      body: bodyOf(accounts),
      headers: { authorization: `Bearer ${app.source.token}`, 'content-type': 'application/json' },
    })
    expect(answer.status).toBe(202)
    const { snapshot } = (await answer.json()) as { snapshot: string }
    expect((await listAccounts(app.scope)).map(({ account, name }) => [account, name]).sort()).toEqual(
      hostile.map((text) => [text, text]).sort(),
    )
    for (const [quantity, text] of hostile.entries()) {
      const found = await listStatements(app.scope, snapshot, { accounts: [text] })
      expect(found).toMatchObject([{ account: text, readings: [{ name: text, quantity: String(quantity) }] }])
    }
  })
})

it('INJ-4: refuses a name that is no line of text', () => {
  for (const text of refused)
    for (const account of [
      { id: text, name: 'A', counts: [] },
      { id: 'A', name: 'A', counts: [{ metric: text, quantity: 1 }] },
      { id: 'A', name: 'A', counts: [{ metric: 'm', quantity: 1, people: [{ id: text }] }] },
    ])
      expect([text, isRefused(bodyOf([account]))]).toEqual([text, true])
})

it('XSS-13: takes no object for a text, not even one that says it is escaped', () => {
  const html = { isEscaped: true, callbacks: [], toString: '<img src=x onerror=alert(1)>' }
  for (const account of [
    { id: html, name: 'A', counts: [] },
    { id: 'A', name: html, counts: [] },
    { id: 'A', name: 'A', counts: [{ metric: html, quantity: 1 }] },
    { id: 'A', name: 'A', counts: [{ metric: 'm', quantity: 1, people: [{ id: 'p', name: html }] }] },
  ])
    expect(isRefused(bodyOf([account]))).toBe(true)
})

it('INJ-10 INJ-11 INJ-13: takes of keys said twice the last, and nothing from a prototype', () => {
  const twice = bodyOf([{ id: 'A', name: 'A', counts: [] }]).replace('"id":"A"', '"id":"B","id":"A"')
  expect(push.receive?.(twice, now).accounts[0]?.id).toBe('A')
  for (const key of ['__proto__', 'constructor', 'prototype', 'toString', 'tenant', 'tenantId', 'role', 'approved']) {
    const extra = `"${key}":{"kind":"counts","complete":true,"polluted":1},`
    expect(isRefused(bodyOf([]).replace('{', `{${extra}`))).toBe(true)
    expect(isRefused(bodyOf([{ id: 'A', name: 'A', counts: [] }]).replace('"id"', `${extra}"id"`))).toBe(true)
    const row = `{${extra}"source":"s","account":"A","reads":{"metric":"m"},"company":1,"agreement":1,"addition":1}`
    expect(parseMappings(`[${row}]`).places).toHaveLength(1)
  }
  expect('polluted' in {}).toBe(false)
})

it.each([
  ...[
    '1e3',
    '1E3',
    '1e999999',
    '9'.repeat(400),
    '10000000.0001',
    '0.00001',
    '-1',
    'NaN',
    'Infinity',
    '01',
    '+1',
    '0x10',
  ],
  ...[
    '"1e3"',
    '"0x10"',
    '"1,000"',
    '"12 "',
    '""',
    'null',
    'true',
    '[]',
    '{}',
    '"１２"',
    '1.',
    '.5',
    '12.0000000000000000001',
  ],
])('refuses the quantity %s', (quantity) => {
  expect(
    isRefused(bodyOf([{ id: 'A', name: 'A', counts: [{ metric: 'm', quantity: 0 }] }]).replace(':0}', `:${quantity}}`)),
  ).toBe(true)
})

it('says of any bytes at all that they are a snapshot or that they are none', () => {
  const values = fc.anything({ withNullPrototype: false }).map((value) => JSON.stringify(value) ?? '')
  const shaped = fc
    .record({
      kind: fc.constantFrom('counts', 'usage', 'invoice-lines'),
      accounts: fc.array(fc.json().map((text) => JSON.parse(text))),
    })
    .map((body) => JSON.stringify(body))
  fc.assert(
    fc.property(fc.oneof(fc.string(), values, shaped), (text) => isRefused(text)),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.oneof(fc.string(), values), (text) => {
      try {
        parseMappings(text)
      } catch (error) {
        return error instanceof Problem
      }
      return true
    }),
    { numRuns: 2000 },
  )
})

it('takes every argument literally', async () => {
  const app = await givenContoso(openMemory, 12)
  const type = typer(app)
  const tables = () => app.deps.db.all(sql`select name from sqlite_master order by name`)
  const before = await tables()
  for (const text of hostile.filter((one) => !one.startsWith('-'))) {
    for (const args of [
      ['sync', '--tenant', text],
      ['sync', '--tenant', 'acme', '--source', text],
      ['sync', '--tenant', 'acme', '--account', text],
      ['plans', 'show', text],
      ['mappings', 'export', '--tenant', text],
      ['sources', 'add', text, '--tenant', 'acme', '--name', 'x'],
      ['sources', 'add', 'push', '--tenant', 'acme', '--name', 'x', '--setting', `${text}=1`],
    ])
      expect([args, (await type(args)).exit]).toEqual([args, expect.toBeOneOf([1, 64])])
    await type(['sources', 'add', 'push', '--tenant', 'acme', '--name', text])
  }
  const names = (await listSources(app.scope)).map(({ name }) => name)
  expect(names).not.toContain('x')
  expect(names).toEqual(expect.arrayContaining(["'); drop table accounts; --", '__proto__', '%', '_', ')']))
  expect(await tables()).toEqual(before)
  expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
})

it('INJ-15: writes one line to the log, whatever is in it', () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', now: () => 0, write: (line) => lines.push(line) })
  for (const reason of [...refused, ...hostile, '\u001b[2J', '\u007f\u0085\u2028\u2029']) log.warn('event', { reason })
  for (const line of lines) {
    expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u)
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', event: 'event' })
  }
})

import { describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listLogs } from '#db/logs.ts'
import { sources } from '#db/schema.ts'
import { findNewestSnapshot, listStatements } from '#db/snapshots.ts'
import { addSource, findSource } from '#db/sources.ts'
import { createApp } from '#server/app.ts'
import type { Role } from '#session/viewer.ts'
import { addCompany } from '../sandbox/manage/build.ts'
import { signIn } from '../session/signed-in.ts'
import { type App, startApp } from '../start.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'

type Fields = Record<string, string>

interface Uploading extends App {
  /** Sends a file as the page does, and with it what the form holds. */
  upload(to: 'preview' | 'snapshots', file: string | Uint8Array, fields?: Fields, how?: How): Promise<Answer>
  newest(): ReturnType<typeof findNewestSnapshot>
}

interface How {
  role?: Role
  source?: string
  headers?: Record<string, string>
  name?: string
}

interface Answer {
  status: number
  html: string
  /** The text of the answer, without its markup. */
  text: string
  /** What the preview adds to the form: hidden fields, and its columns as they were matched. */
  passed: Fields
}

const plain = { period: '2026-11', complete: 'complete' }

async function givenUploading(open: Open): Promise<Uploading> {
  const app = await startApp(open)
  const source = {
    id: 'files',
    kind: 'csv',
    name: 'Files',
    settings: {},
    billingPeriod: 'current',
    createdAt: 1,
  } as const
  await save(app.scope.db, [addSource(app.scope, source).saved])
  const server = createApp(app.deps)
  const tokens = new Map<Role, string>()
  for (const role of ['technician', 'finance'] as const)
    tokens.set(role, (await signIn(app, { member: `a${role}`, role })).token)
  const upload: Uploading['upload'] = async (to, file, fields = plain, how = {}) => {
    const form = new FormData()
    form.set('file', new Blob([typeof file === 'string' ? file : Uint8Array.from(file)]), how.name ?? 'users.csv')
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const request = new Request(`${app.deps.config.PUBLIC_URL}/sources/${how.source ?? 'files'}/${to}`, {
      method: 'POST',
      body: form,
      headers: {
        authorization: `Bearer ${tokens.get(how.role ?? 'finance')}`,
        'sec-fetch-site': 'same-origin',
        ...how.headers,
      },
    })
    const answer = await app.clock.run(Promise.resolve(server.request(request)))
    const html = await answer.text()
    const inputs = [...html.matchAll(/<input(?=[^>]* name="([\w-]+)")(?=[^>]* value="([^"]*)")/g)]
    const selects = [...html.matchAll(/<select[^>]* name="([\w-]+)".*?<\/select>/gs)]
    const selected = selects.map(([all, name = '']) => [name, /<option value="([^"]*)" selected/.exec(all)?.[1] ?? ''])
    return {
      status: answer.status,
      html,
      text: html
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ')
        .replaceAll('&quot;', '"'),
      passed: Object.fromEntries([...inputs.map(([, name = '', value = '']) => [name, value]), ...selected]),
    }
  }
  return Object.assign(app, { upload, newest: () => findNewestSnapshot(app.scope, 'files') })
}

const good = 'Customer ID;Customer;Users\nA-17;Contoso Ltd;12\nA-18;Fabrikam;3\n'
const withBad = 'Customer ID;Customer;Users\nA-17;Contoso Ltd;12\nA-18;Fabrikam;-3\nA-19;Northwind;=1+2\n'

eachStore((open) => {
  it('P22 a file is previewed without a trace, then imported for its month as counts of its accounts', async () => {
    const app = await givenUploading(open)
    const preview = await app.upload('preview', good)
    expect(preview.status).toBe(200)
    expect(preview.text).toContain('Read as: 2 rows; counts, one number a row; encoding UTF-8; separated by semicolon.')
    expect(preview.text).toMatch(/users 15 2/)
    expect(preview.text).toContain('2 new: excluded until somebody maps and includes them')
    expect(await app.newest()).toBeUndefined()

    const answer = await app.upload('snapshots', good, { ...plain, ...preview.passed })
    expect(answer.text).toContain('Imported for November 2026, complete.')
    const row = await app.newest()
    expect(row).toMatchObject({ kind: 'counts', period: '2026-11', complete: true, takenAt: app.clock.now() })
    expect(
      (await listStatements(app.scope, row?.id ?? '')).map(({ account, readings }) => [account, readings[0]?.quantity]),
    ).toEqual([
      ['A-17', '12'],
      ['A-18', '3'],
    ])
    expect((await findSource(app.scope, 'files'))?.settings).toMatchObject({
      'column-account': 'Customer ID',
      kind: 'counts',
    })

    const again = await app.upload('snapshots', good, { ...plain, ...preview.passed })
    expect(again.status).toBe(200)
    expect((await app.newest())?.id).toBe(row?.id)
    await app.close()
  })

  it('with bad rows is imported only as partial and only when asked so, and the snapshot before stays in force', async () => {
    const app = await givenUploading(open)
    const first = await app.upload('preview', good)
    await app.upload('snapshots', good, { ...plain, ...first.passed })
    const before = await app.newest()
    app.clock.advance(1000)
    const preview = await app.upload('preview', withBad)
    expect(preview.text).toContain('2 bad rows not read')
    expect(preview.text).toContain('row 3 Quantity must not be negative')
    expect(preview.text).toContain('row 4 Quantity is a formula or text, not a number')
    expect(preview.text).toContain('1 missing')
    const refused = await app.upload('snapshots', withBad, { ...plain, ...preview.passed })
    expect([refused.status, refused.text.includes('2 rows are bad; nothing was stored.')]).toEqual([422, true])
    expect((await app.newest())?.id).toBe(before?.id)
    const taken = await app.upload('snapshots', withBad, { ...plain, ...preview.passed, rows: 'good' })
    expect(taken.text).toContain('Imported for November 2026, partial.')
    expect(await app.newest()).toMatchObject({ complete: false, accountCount: 1 })
    await app.close()
  })
})

describe('an upload', () => {
  it('of another file than the one previewed, or with other columns, is refused', async () => {
    const app = await givenUploading(openMemory)
    const { passed } = await app.upload('preview', good)
    const other = await app.upload('snapshots', good.replace('12', '13'), { ...plain, ...passed })
    expect([other.status, other.text.includes('This is not the file that was previewed')]).toEqual([409, true])
    for (const changed of [{ complete: 'partial' }, { period: '2026-10' }, { decimal: ',' }, { 'column-name': '' }]) {
      const answer = await app.upload('snapshots', good, { ...plain, ...passed, ...changed })
      expect([answer.status, answer.text.includes('Something was changed after the preview')]).toEqual([409, true])
    }
    expect((await app.upload('snapshots', good, plain)).status).toBe(409)
    expect(await app.newest()).toBeUndefined()
    await app.close()
  })

  it('asks what is ambiguous, and forgets the answer for another file', async () => {
    const app = await givenUploading(openMemory)
    const ambiguous = 'Company,Seats\nContoso,"1,234"\n'
    const asked = await app.upload('preview', ambiguous)
    expect(asked.text).toContain('Row 2 says 1,234: is that 1234 or 1.234?')
    expect(asked.text).not.toContain('Import for')
    const told = { ...plain, ...asked.passed, decimal: '.' }
    const answered = await app.upload('preview', ambiguous, told)
    expect(answered.text).toMatch(/users 1234 1/)
    const other = await app.upload('preview', 'Company,Seats\nContoso,"2,345"\n', { ...told, ...answered.passed })
    expect(other.text).toContain('Row 2 says 2,345')
    await app.close()
  })

  it('remembers which columns were chosen, with who imported', async () => {
    const app = await givenUploading(openMemory)
    const odd = 'Wer,Wieviel\nContoso,3\n'
    const asked = await app.upload('preview', odd)
    expect(asked.text).toContain('Say which column names the account.')
    const chosen = { ...plain, 'column-name': 'Wer', 'column-quantity': 'Wieviel' }
    const preview = await app.upload('preview', odd, chosen)
    expect((await app.upload('snapshots', odd, { ...chosen, ...preview.passed })).status).toBe(200)
    const next = await app.upload('preview', 'Wer,Wieviel,Unit price\nContoso,4,1.5\n')
    expect(next.text).toMatch(/users 4 1/)
    expect(next.passed['column-unitPrice']).toBe('Unit price')
    const entries = await listLogs(app.scope, { since: 0, readable: 'all' }, { size: 9, number: 1 })
    expect(entries.map(({ text, member }) => [text, member])).toEqual([
      ['The columns of Files were remembered.', 'afinance'],
      ['A file of Files was uploaded with counts of November 2026, complete: 1 accounts, 1 readings.', 'afinance'],
    ])
    await app.close()
  })

  it('leaves out a column that is named like a field for as long as somebody said so', async () => {
    const app = await givenUploading(openMemory)
    const file = 'Customer,Users,E-mail\nContoso,3,ann@c.example\n'
    const left = { ...plain, 'column-quantity': '' }
    const { passed } = await app.upload('preview', file, left)
    await app.upload('snapshots', file, { ...left, ...passed })
    const next = await app.upload('preview', file)
    expect(next.text).toContain('one user a row')
    await app.close()
  })

  it('names no missing account whose company the viewer may not read in ConnectWise', async () => {
    const app = await givenUploading(openMemory)
    addCompany(app.world, { id: 250, identifier: 'Contoso', name: 'Contoso Ltd' })
    const first = await app.upload('preview', good)
    await app.upload('snapshots', good, { ...plain, ...first.passed })
    await app.map({ account: 'A-17', sourceId: 'files', agreementId: 87, companyId: 9999, productId: 1 })
    const { text } = await app.upload('preview', 'Customer ID;Customer;Users\nA-19;Northwind;1\n')
    expect([text.includes('Fabrikam (A-18)'), text.includes('A-17')]).toEqual([true, false])
    await app.close()
  })

  it('of a month before, or counted before, is kept for its month and its day (FEATURES 4.10)', async () => {
    const app = await givenUploading(openMemory)
    const fields = { period: '2026-10', complete: 'complete', takenOn: '2026-10-31' }
    const { passed } = await app.upload('preview', good, fields)
    await app.upload('snapshots', good, { ...fields, ...passed })
    expect(await app.newest()).toMatchObject({ period: '2026-10', takenAt: Date.parse('2026-10-31T23:59:59Z') })
    const future = { ...plain, ...passed, takenOn: '2026-11-18' }
    const refused = await app.upload('preview', good, future)
    expect([refused.status, refused.text.includes('must not be after today')]).toEqual([422, true])
    expect((await app.upload('snapshots', good, future)).status).toBe(409)
    await app.close()
  })

  it('of two files at once is refused: none of them is left out in silence', async () => {
    const app = await givenUploading(openMemory)
    const form = new FormData()
    for (const name of ['a.csv', 'b.csv']) form.append('file', new Blob([good]), name)
    for (const [name, value] of Object.entries(plain)) form.set(name, value)
    const { token } = await signIn(app, { member: 'bfinance', role: 'finance' })
    const headers = { authorization: `Bearer ${token}`, 'sec-fetch-site': 'same-origin' }
    const request = new Request(`${app.deps.config.PUBLIC_URL}/sources/files/preview`, {
      method: 'POST',
      body: form,
      headers,
    })
    const answer = await app.clock.run(Promise.resolve(createApp(app.deps).request(request)))
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('Choose one file at a time')])
    await app.close()
  })

  it.each([
    [
      'an Excel workbook',
      Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0),
      'is an Excel workbook or a zip archive, not CSV. Open it',
    ],
    ['a PDF', new TextEncoder().encode('%PDF-1.7 a'), 'is a PDF, not CSV'],
    ['nothing', '', 'Choose a file that is not empty.'],
    ['only a header', 'Customer,Users\n', 'has no row below its header'],
    ['open quotes', 'Customer,Users\n"Contoso,3\n', 'Line 2: a quotation mark opens there and never closes'],
  ])('FILE-7 of %s says what to do', async (_, file, message) => {
    const app = await givenUploading(openMemory)
    const { status, text } = await app.upload('preview', file)
    expect([status, text.includes(message) ? message : text]).toEqual([422, message])
    await app.close()
  })

  it('of more than 10 MB is refused before it is read', async () => {
    const app = await givenUploading(openMemory)
    const row = 'a'.repeat(99)
    const large = await app.upload('preview', `Customer,Users\n${`${row}\n`.repeat(102_000)}`)
    expect([large.status, large.text.includes('At most 10 MB are taken')]).toEqual([413, true])
    const over = await app.upload('preview', `Customer,Users\n${`${row}\n`.repeat(100_000)}`)
    expect([over.status, over.text.includes('The file is larger than 10 MB')]).toEqual([422, true])
    await app.close()
  })

  it('is taken from finance, for a source of files only, and from a page of ours', async () => {
    const app = await givenUploading(openMemory)
    expect((await app.upload('preview', good, plain, { role: 'technician' })).status).toBe(403)
    expect((await app.upload('preview', good, plain, { source: 'src' })).status).toBe(422)
    expect((await app.upload('preview', good, plain, { source: 'Files' })).status).toBe(404)
    expect((await app.upload('preview', good, plain, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    expect((await app.upload('preview', good, plain, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    const [{ tokenHash } = { tokenHash: '' }] = await app.scope.db.select().from(sources)
    expect(tokenHash).not.toBe('')
    await app.close()
  })

  it('begins where an admin adds a source of files, and finance maps', async () => {
    const app = await givenUploading(openMemory)
    const admin = await signIn(app, { member: 'jsmith', role: 'admin' })
    const added = await admin.ask('POST', '/settings/sources', { name: 'Lists', kind: 'csv' })
    const html = await added.text()
    expect([added.status, html.includes('shown only now')]).toEqual([200, false])
    const [, path = ''] = /(\/sources\/\w+\/upload)"[^>]*>Upload a file of Lists/.exec(html) ?? []
    const finance = await signIn(app, { member: 'bfinance', role: 'finance' })
    expect(await (await finance.ask('GET', '/mappings')).text()).toContain(path)
    const screen = await (await finance.ask('GET', path)).text()
    expect(screen).toContain('Upload a file: Lists')
    expect(screen).toMatch(/<option value="2026-11" selected/)
    const technician = await signIn(app, { member: 'btechnician', role: 'technician' })
    expect(await (await technician.ask('GET', '/mappings')).text()).not.toContain(path)
    expect((await admin.ask('POST', '/settings/sources', { name: 'Lists', kind: 'csv' })).status).toBe(422)
    await app.close()
  })

  it('INJ-14 names a hostile file as plain text', async () => {
    const app = await givenUploading(openMemory)
    const { html } = await app.upload('preview', good, plain, { name: 'a\r\nX: y"><script>alert(1)</script>.csv' })
    expect(html).not.toContain('<script>')
    expect(html).not.toMatch(/\r\nX: y/)
    await app.close()
  })

  it('is refused when its form is no form', async () => {
    const app = await givenUploading(openMemory)
    const server = createApp(app.deps)
    const { token } = await signIn(app, { member: 'bfinance', role: 'finance' })
    for (const [type, body] of [
      ['multipart/form-data; boundary=x', 'nonsense'],
      ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'],
      ['application/x-www-form-urlencoded', 'file=abc&period=2026-11&complete=complete'],
    ] as const) {
      const answer = await app.clock.run(
        Promise.resolve(
          server.request('/sources/files/preview', {
            method: 'POST',
            body,
            headers: { authorization: `Bearer ${token}`, 'content-type': type, 'sec-fetch-site': 'same-origin' },
          }),
        ),
      )
      expect([type, answer.status]).toEqual([type, 422])
    }
    await app.close()
  })
})

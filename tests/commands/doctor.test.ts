import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { plainLineSettings } from '#billing/lines/settings.ts'
import { save } from '#db/db.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { givenContoso } from '../given.ts'
import { addAgreement, addCustomField } from '../sandbox/manage/build.ts'
import { reset, status } from '../sandbox/manage/faults.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { onSqlite } from '../stores.ts'
import { typer } from './given.ts'

type Finding = { probe: string; state: string; result: string; means: string; next: string }
type Report = { ok: boolean; examined: { tenant: string | null; findings: Finding[] }[] }

const named = (report: Report, probe: string) =>
  report.examined.flatMap(({ findings }) => findings).find((finding) => finding.probe === probe)

onSqlite((open) => {
  describe('trueup doctor', () => {
    it('finds nothing to do where everything works, only reads, and explains each probe', async () => {
      const app = await givenContoso(open, 10)
      const { exit, json } = await typer(app)('doctor --tenant acme --json')
      const report: Report = json()
      expect(report.examined.flatMap(({ findings }) => findings).filter(({ state }) => state !== 'ok')).toEqual([])
      expect({ exit, ok: report.ok }).toEqual({ exit: 0, ok: true })
      const probes = [
        'database',
        'migrations',
        'keys',
        'ledger',
        'discovery',
        'connection',
        'clock',
        'reports',
        'paging',
        'quoting',
        'errors',
        'invoiced-through',
        'child',
        'rate-limit',
      ]
      for (const probe of probes) expect(named(report, probe)?.means, probe).toMatch(/\.$/)
      expect(named(report, 'invoiced-through')?.result).toContain('1 of 1 mapped agreements')
      expect(named(report, 'paging')?.result).toContain('additions page forward')
      expect(app.manage.requests.every(({ method }) => method === 'GET')).toBe(true)
      await app.close()
    })

    it('says it in words, with what to do', async () => {
      const app = await givenContoso(open, 10)
      setLevel(app.world, 'TrueUp', 'Procurement > Product Catalog', 'inquire', 'None')
      const { exit, out } = await typer(app)('doctor')
      expect(exit).toBe(2)
      expect(out).toMatch(
        /LOOK +right Procurement › Product Catalog › Inquire All +not granted \(403\)\. Needed for mapping to products\. Set it/,
      )
      expect(out).toContain('1 finding for a person.')
      await app.close()
    })

    it('knows agreements whose next invoice is off the grid, and children', async () => {
      const app = await givenContoso(open, 10)
      addAgreement(
        app.world,
        { id: 88, company: 250, nextInvoiceDate: '2026-12-09', parentAgreement: 87 },
        '2026-11-17',
      )
      await app.map({ account: 'B', agreementId: 88, productId: 512 })
      const report: Report = (await typer(app)('doctor --json')).json()
      expect(named(report, 'invoiced-through')?.result).toContain(
        '1 of 2 mapped agreements have their next invoice date where a period begins, not 88',
      )
      expect(named(report, 'child')?.result).toBe('child agreements: 88')
      await app.close()
    })

    it('says which custom fields there are, and tries them only on a test agreement (M23)', async () => {
      const app = await givenContoso(open, 10)
      addCustomField(app.world, { id: 43, caption: 'Contract', screenId: 'AgreementOverview' })
      app.agreement.customFields = [{ id: 43, value: 'C-1' }]
      const chosen = { companyFieldId: 41, existing: false }
      const lineSettings = { ...plainLineSettings, crossReferences: chosen }
      await save(app.scope.db, [saveTenantSettings(app.scope, { lineSettings })])
      const type = typer(app)
      const report: Report = (await type('doctor --tenant acme --json')).json()
      expect(named(report, 'custom-fields')).toMatchObject({
        state: 'attention',
        result: expect.stringContaining('not there: 41'),
      })
      expect(named(report, 'custom-field-values')?.result).toBe('agreement 87 tells 1 custom fields')
      expect(named(report, 'custom-field-write')).toBeUndefined()
      const written: Report = (await type('doctor --tenant acme --test-agreement 87 --json')).json()
      expect(named(written, 'custom-field-write')?.result).toBe('agreement 87 kept its custom fields')
      expect(app.manage.requests.filter(({ method }) => method !== 'GET')).toHaveLength(1)
      expect((await type('doctor --test-agreement 87')).exit).toBe(64)
      await app.close()
    })

    it('ends with 1 when nobody answers', async () => {
      const app = await givenContoso(open, 10)
      app.manage.faults.add({ fault: reset('beforeCommit') })
      const { exit, out } = await typer(app)('doctor')
      expect(exit).toBe(1)
      expect(out).toContain('ConnectWise cannot be reached.')
      await app.close()
    })

    it('ends with 2 when the keys are refused, and asks nothing more', async () => {
      const app = await givenContoso(open, 10)
      app.world.keys.clear()
      const { exit, json } = await typer(app)('doctor --json')
      expect({ exit, finding: named(json(), 'connection') }).toMatchObject({ exit: 2, finding: { state: 'attention' } })
      expect(app.manage.requests).toHaveLength(2)
      await app.close()
    })

    it('goes on when one probe cannot be answered', async () => {
      const app = await givenContoso(open, 10)
      app.manage.faults.add({ match: { path: /count/ }, fault: status(400) })
      const report: Report = (await typer(app)('doctor --json')).json()
      expect(named(report, 'paging')?.state).toBe('unknown')
      expect(named(report, 'child')?.state).toBe('ok')
      await app.close()
    })

    it('sees a ledger that was changed, and a kill switch', async () => {
      const app = await givenContoso(open, 10)
      const type = typer(app)
      await app.say({ 'A-17': 12 })
      await app.sync()
      await app.deps.db.run(sql`update ledger set body = '{}' where seq = 1`)
      await type('kill-switch on')
      const { exit, json } = await type('doctor --json')
      expect(exit).toBe(2)
      expect(named(json(), 'ledger')).toMatchObject({ state: 'attention', result: 'broken at entry 1' })
      expect(named(json(), 'kill-switch')).toMatchObject({ state: 'attention', next: 'trueup kill-switch off' })
      await app.close()
    })
  })
})

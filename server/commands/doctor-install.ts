import type { Finding } from '#connectwise/finding.ts'
import type { Scope } from '#db/db.ts'
import { findDamage } from '#db/integrity.ts'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { listPending } from '#db/migrate.ts'
import { opensDataKeys } from '#db/secrets.ts'
import { isInstallationStopped, type Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'

/** The database, its schema, the master key and the operator's kill switch. */
export async function examineInstall({ db, seal }: Deps): Promise<Finding[]> {
  const damage = await findDamage(db)
  const pending = await listPending(db)
  const opens = await opensDataKeys(db, seal)
  return [
    finding(
      'database',
      damage === undefined,
      ['it is intact', 'Nothing stored is damaged.'],
      [`it is damaged: ${damage}`, 'Nothing of it can be trusted.', 'Restore the newest backup.'],
    ),
    finding(
      'migrations',
      pending.length === 0,
      ['they are current', 'Program and database fit.'],
      [`missing: ${pending.join(', ')}`, 'The database is older than the program.', 'Start the server once.'],
    ),
    finding(
      'keys',
      opens,
      ['the master key opens every tenant', 'Stored keys can be used.'],
      [
        'the master key is another one',
        'Stored keys cannot be used.',
        'Set MASTER_KEY to the key this database was sealed with.',
      ],
    ),
    killSwitch(await isInstallationStopped(db), 'Nothing is written for any tenant.', 'trueup kill-switch off'),
  ]
}

/** What is known of a tenant without asking ConnectWise. */
export async function examineTenant(scope: Scope, tenant: Tenant): Promise<Finding[]> {
  const broken = brokenAt(await listLedger(scope))
  const isConnected = tenant.state === 'connected'
  const cause = tenant.stateCause ?? 'no cause is known'
  return [
    finding(
      'state',
      isConnected,
      ['connected', 'Runs are made.'],
      [`needs attention: ${cause}`, 'No run is made.', 'Put the cause right, then run trueup connect again.'],
    ),
    finding(
      'ledger',
      broken === undefined,
      ['unbroken', 'Every write is on record.'],
      [`broken at entry ${broken}`, 'The record was changed from outside.', 'Compare it with a backup.'],
    ),
    finding(
      'mode',
      tenant.mode !== 'reconcile',
      [
        tenant.mode,
        tenant.mode === 'observe'
          ? 'Nightly runs plan and write nothing until a first plan is approved.'
          : 'Nightly runs write.',
      ],
      ['reconcile', 'Restored from a backup; nothing is written.', 'Reconcile it first.'],
    ),
    finding(
      'dates',
      tenant.dayShift === null,
      ['no day was seen to come back as another', 'Dated lines may be written.'],
      [
        tenant.dayShift ?? '',
        'No dated lines are written.',
        'Put the days of that addition right by hand, find out which zone ConnectWise keeps days in, then run trueup connect again.',
      ],
    ),
    killSwitch(
      tenant.killSwitch,
      'Nothing is written for this tenant.',
      `trueup kill-switch off --tenant ${tenant.id}`,
    ),
  ]
}

type Said = readonly [result: string, means: string, next?: string]

function finding(probe: string, isGood: boolean, good: Said, bad: Said): Finding {
  const [result, means, next = ''] = isGood ? good : bad
  return { probe, state: isGood ? 'ok' : 'attention', result, means, next }
}

const killSwitch = (isOn: boolean, means: string, next: string): Finding =>
  finding('kill-switch', !isOn, ['off', 'Writes are allowed.'], ['on', means, next])

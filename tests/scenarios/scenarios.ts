import { findNewestRun } from '#db/runs.ts'
import { bound, givenNight } from '../bench/night.ts'
import { addAddition } from '../sandbox/manage/build.ts'
import { throttle429 } from '../sandbox/manage/faults.ts'
import type { Open } from '../stores.ts'
import { givenStage, outcomeOf, type Stage } from './stage.ts'

/** One of the eleven scenarios of FEATURES section 6: what is wanted, and how TrueUp's answer is had. */
export interface Scenario {
  id: string
  title: string
  wanted: readonly string[]
  play(open: Open): Promise<string[]>
}

const quantity = ['quantity'] as const
const prorated = { write: quantity, prorate: true }

async function on<T>(stage: Stage, play: (stage: Stage) => Promise<T>): Promise<T> {
  try {
    return await play(stage)
  } finally {
    await stage.close()
  }
}

/** Two ongoing additions of the product, 301 with 10 and 302 with 5; the source says 16. */
async function twoLines(open: Open): Promise<Stage> {
  const stage = await givenStage(open, 10)
  addAddition(stage.world, { id: 302, agreement: 87, product: 512, quantity: 5, unitPrice: 10 })
  return stage
}

const short = ({ world }: Stage): string =>
  [301, 302].map((id) => `${id} = ${world.additions.get(id)?.quantity ?? 'gone'}`).join(', ')

export const scenarios: readonly Scenario[] = [
  {
    id: 'E1',
    title: 'two ongoing additions of the product, 10 and 5; reading 16',
    wanted: ['held 1, both named; 301 = 10, 302 = 5', 'split: 301 = 10, 302 = 6', '302 ended: 301 = 16'],
    async play(open) {
      const asked = await on(await twoLines(open), async (stage) => {
        const run = await stage.push(16)
        const named = ['301 with 10', '302 with 5'].every((text) => run.details[0]?.reason.includes(text))
        return `held ${run.changes.held}, ${named ? 'both named' : outcomeOf(run)}; ${short(stage)}`
      })
      const split = await on(await twoLines(open), async (stage) => {
        await stage.rule({ write: quantity, maximum: '10' })
        await stage.map({ account: 'A-17', agreementId: 87, additionId: 302, rule: { write: quantity, above: '10' } })
        await stage.push(16)
        return `split: ${short(stage)}`
      })
      const ended = await on(await twoLines(open), async (stage) => {
        const other = stage.world.additions.get(302)
        if (other) stage.manage.edit(other, { cancelledDate: '2026-10-31T00:00:00Z' })
        const run = await stage.push(16)
        await stage.approve(run)
        return `302 ended: 301 = ${stage.world.additions.get(301)?.quantity}`
      })
      return [asked, split, ended]
    },
  },
  {
    id: 'E2',
    title: '15 written; the source returns nothing',
    wanted: ['0 writes; 301 = 15; source returned nothing'],
    play: async (open) =>
      on(await givenStage(open, 15), async (stage) => {
        await stage.push(15)
        stage.clock.advance(86_400_000)
        await stage.say({})
        const writes = writesOf(stage)
        const run = await stage.sync()
        const reason = run.details[0]?.reason ?? ''
        const said = reason.startsWith('unknown: source returned nothing') ? 'source returned nothing' : reason
        return [`${writesOf(stage) - writes} writes; ${stage.additions()}; ${said}`]
      }),
  },
  {
    id: 'E3',
    title: 'the product is renamed; 15 written, reading 16',
    wanted: ['updated 1; 301 = 16'],
    play: async (open) =>
      on(await givenStage(open, 15), async (stage) => {
        await stage.push(15)
        const product = stage.world.products.get(512)
        if (product) stage.manage.edit(product, { identifier: 'RENAMED', description: 'Renamed' })
        return [`${outcomeOf(await stage.push(16))}; ${stage.additions()}`]
      }),
  },
  {
    id: 'E4',
    title: '10 written, November invoiced, prorate on, two more on the 17th',
    wanted: ['301 = 12, 302 = 2 from 2026-11-17 to 2026-11-30; December invoice 129.33'],
    play: async (open) =>
      on(await givenStage(open, 10, { agreement: { prorateFlag: true } }), async (stage) => {
        await stage.rule(prorated)
        await stage.push(10)
        stage.on('2026-11-17')
        await stage.push(12)
        return [`${stage.additions()}; December invoice ${stage.invoiced()}`]
      }),
  },
  {
    id: 'E5',
    title: 'as E4, November not invoiced yet',
    wanted: [
      '301 = 10, 302 = 2 from 2026-11-17; November invoice 109.33',
      '301 = 12, 302 = 2 from 2026-11-17 to 2026-11-30; December invoice 120.00',
    ],
    play: async (open) => {
      const agreement = { prorateFlag: true, nextInvoiceDate: '2026-11-01' }
      return on(await givenStage(open, 10, { agreement }), async (stage) => {
        await stage.rule(prorated)
        await stage.push(10)
        stage.on('2026-11-17')
        await stage.push(12)
        const november = `${stage.additions()}; November invoice ${stage.invoiced()}`
        stage.on('2026-11-30')
        await stage.push(12)
        return [november, `${stage.additions()}; December invoice ${stage.invoiced()}`]
      })
    },
  },
  {
    id: 'E6',
    title: '15 written; reading 12',
    wanted: ['held 1: G2: falls by 3 from 15, above 2; 301 = 15', 'approved: 301 = 12'],
    play: async (open) =>
      on(await givenStage(open, 15), async (stage) => {
        await stage.push(15)
        const run = await stage.push(12)
        const held = `held ${run.changes.held}: ${run.details[0]?.reason.split('; ')[0]}; ${stage.additions()}`
        await stage.approve(run)
        return [held, `approved: ${stage.additions()}`]
      }),
  },
  {
    id: 'E7',
    title: 'a person ended the mapped addition; reading 16',
    wanted: ['0 writes; skipped 1: parked: ended on 2026-10-31 in ConnectWise'],
    play: async (open) =>
      on(await givenStage(open, 15), async (stage) => {
        await stage.push(15)
        stage.manage.edit(stage.addition, { cancelledDate: '2026-10-31T00:00:00Z' })
        const writes = writesOf(stage)
        const run = await stage.push(16)
        return [`${writesOf(stage) - writes} writes; ${outcomeOf(run)}`]
      }),
  },
  {
    id: 'E8',
    title: '15 written, a person set 14; reading 15',
    wanted: ['held 1; 301 = 14', 'kept: 301 = 14, at 16: 301 = 16', 'taken: 301 = 15', 'pinned: 301 = 14'],
    async play(open) {
      const edited = async () => {
        const stage = await givenStage(open, 15)
        await stage.push(15)
        stage.manage.edit(stage.addition, { quantity: 14 }, 'Pat')
        return { stage, run: await stage.push(15) }
      }
      const asked = await edited().then(({ stage, run }) =>
        on(stage, async () => `held ${run.changes.held}; ${stage.additions()}`),
      )
      const kept = await edited().then(({ stage, run }) =>
        on(stage, async () => {
          await stage.decide(run, { choice: 'keep' })
          await stage.push(15)
          const still = stage.additions()
          await stage.push(16)
          return `kept: ${still}, at 16: ${stage.additions()}`
        }),
      )
      const taken = await edited().then(({ stage, run }) =>
        on(stage, async () => {
          await stage.decide(run, { choice: 'take' })
          return `taken: ${stage.additions()}`
        }),
      )
      const pinned = await edited().then(({ stage, run }) =>
        on(stage, async () => {
          await stage.decide(run, { choice: 'pin', until: '2026-12-31' })
          stage.on('2026-11-30')
          await stage.push(17)
          return `pinned: ${stage.additions()}`
        }),
      )
      return [asked, kept, taken, pinned]
    },
  },
  {
    id: 'E9',
    title: 'November invoiced, the agreement does not prorate, prorate on; 15 to 16 on the 20th',
    wanted: [
      '301 = 16; lands on December 2026, next invoice 2026-12-01',
      'offered, held; approved: 301 = 16, 302 = 1 from 2026-12-01 to 2026-12-31 at 3.67',
    ],
    play: async (open) =>
      on(await givenStage(open, 15), async (stage) => {
        await stage.rule(prorated)
        await stage.push(15)
        stage.on('2026-11-20')
        const run = await stage.push(16)
        const [written] = run.details.filter(({ outcome }) => outcome === 'updated')
        const lands = /lands on [^;]+?, next invoice \d{4}-\d\d-\d\d/.exec(written?.reason ?? '')?.[0]
        const offered = run.details.find(({ change, outcome }) => change === 'create' && outcome === 'held')
        const held = `${stage.additions()}; ${lands}`
        await stage.approve(run)
        const line = stage.world.additions.rows().find(({ unitPrice }) => unitPrice !== 10)
        return [held, `offered, ${offered?.outcome}; approved: ${stage.additions()} at ${line?.unitPrice}`]
      }),
  },
  {
    id: 'E10',
    title: 'the agreement is in EUR, the source states a price of 4.00 USD',
    wanted: [
      'held 1: G20: The source bills in USD, the agreement in EUR.; 301 = 10, 0 writes',
      'quantity only: updated 1; 301 = 11',
    ],
    play: async (open) =>
      on(await givenStage(open, 10, { agreement: { currency: { id: 2 } } }), async (stage) => {
        await stage.rule({ write: ['quantity', 'price'] })
        const run = await stage.push(11, { unitPrice: '4.00', currency: 'USD' })
        const why = run.details[0]?.reason.split('; ')[0]
        const blocked = `held ${run.changes.held}: ${why}; ${stage.additions()}, ${writesOf(stage)} writes`
        await stage.rule({ write: quantity })
        return [blocked, `quantity only: ${outcomeOf(await stage.push(11))}; ${stage.additions()}`]
      }),
  },
  {
    id: 'E11',
    title: '1,000 additions, 30 changed; after 12 writes a 429, Retry-After 30',
    wanted: ['done; 30 updated, each once; nothing sent for 30 s; at most 1.2 × the requests'],
    async play(open) {
      const { app } = await givenNight(open, { report: false })
      app.manage.faults.add({ match: { method: 'PATCH', nth: 13 }, fault: throttle429(30) })
      for (let minute = 0; minute < 3; minute++) {
        await app.tick()
        app.clock.advance(60_000)
      }
      const run = await findNewestRun(app.scope)
      const sent = app.manage.requests.filter(({ method }) => method === 'PATCH')
      const refusedAt = sent.find(({ status }) => status === 429)?.at ?? 0
      const tooEarly = app.manage.requests.filter(({ at }) => at > refusedAt && at < refusedAt + 30_000)
      const done = sent.filter(({ status }) => status === 200).map(({ path }) => path)
      const once = new Set(done).size === done.length ? 'each once' : 'some twice'
      const quiet = tooEarly.length === 0 ? 'nothing sent for 30 s' : `${tooEarly.length} sent within 30 s`
      const few = app.manage.requests.length <= 1.2 * bound.withoutReport
      await app.close()
      const requests = few ? 'at most 1.2 × the requests' : `${app.manage.requests.length} requests`
      return [`${run?.state}; ${done.length} updated, ${once}; ${quiet}; ${requests}`]
    },
  },
]

const writesOf = ({ manage }: Stage): number => manage.requests.filter(({ method }) => method !== 'GET').length

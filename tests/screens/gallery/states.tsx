import { Badge, State } from '#views/badge.tsx'
import { Empty, Notice } from '#views/notice.tsx'
import { FromTo, Money, Quantity, When } from '#views/numbers.tsx'
import { ConflictChoices } from '#views/plans/conflict.tsx'
import { Screen } from '#views/screen.tsx'
import { Sparkline } from '#views/sparkline.tsx'
import { Tile, Tiles } from '#views/tiles.tsx'
import { counted, longName } from './given.ts'

const states = [
  ...['connected', 'attention', 'disconnected', 'mapped', 'unmapped', 'excluded', 'parked', 'equal', 'pending'],
  ...['conflict', 'stale', 'ready', 'waiting', 'approved', 'applying', 'dismissed', 'running', 'done', 'created'],
  ...['unchanged', 'held', 'blocked', 'skipped', 'failed', 'unknown', 'info', 'warning', 'error', 'unheard-of'],
]

/** Every word of status, every message and every empty place. */
export const States = () => (
  <Screen title="States">
    <section aria-labelledby="badges">
      <h2 id="badges">Badges</h2>
      <ul class="counts">
        {states.map((state) => (
          <li>
            <State state={state} />
          </li>
        ))}
        <li>
          <Badge kind="changed">Suggested 0.947</Badge>
        </li>
      </ul>
    </section>
    <Notices />
    <Conflicts />
    <Empties />
    <Figures />
  </Screen>
)

const Notices = () => (
  <section aria-labelledby="notices">
    <h2 id="notices">Notices</h2>
    <Notice kind="info" title="TrueUp observes: plans are made, nothing is written until a first plan is approved." />
    <Notice kind="good" title="3 changes applied." />
    <Notice kind="warning" title="As of 02:14 yesterday: older than the last expected run.">
      <p>ConnectWise did not answer at 02:00. The next attempt is at 02:15.</p>
      <button type="button">Refresh</button>
    </Notice>
    <Notice kind="error" title={`${longName}: ConnectWise refused the quantity of addition 4711.`}>
      <p>The agreement is cancelled. Choose another agreement, then try again.</p>
      <div class="actions">
        <button type="button">Try again</button>
        <button type="button" class="link">
          Open the log
        </button>
      </div>
    </Notice>
  </section>
)

const values = [{ name: 'Quantity', last: '30', existing: '32', wanted: '28' }]
const pin = { first: '2026-11-23', last: '2027-11-23', offered: '2026-12-22' }

const Conflicts = () => (
  <section aria-labelledby="conflicts">
    <h2 id="conflicts">Conflicts</h2>
    <ConflictChoices path="/plans/1/rows/1/choice" values={values} changedBy="JDOE" pin={pin} />
    <ConflictChoices values={values} blocked="the agreement is cancelled" pin={pin} />
  </section>
)

const Empties = () => (
  <section aria-labelledby="empties">
    <h2 id="empties">Empty places</h2>
    <Empty kind="connection" title="TrueUp is not connected to ConnectWise.">
      <p>It needs an API member’s keys.</p>
      <button type="button">Connect ConnectWise</button>
    </Empty>
    <Empty kind="mapping" title="No account is mapped to this company.">
      <button type="button">Map</button>
    </Empty>
    <Empty kind="run" title="First run 02:00 tomorrow.">
      <button type="button">Dry run</button>
    </Empty>
    <Empty kind="equal" title="ConnectWise and CloudCover agree as of 02:14." />
    <Empty title="No entry matches." />
  </section>
)

const Figures = () => (
  <section aria-labelledby="figures">
    <h2 id="figures">Figures</h2>
    <Tiles>
      <Tile label="Connection">
        <State state="connected" />
      </Tile>
      <Tile label="Last sync" note="New York, 38 changes">
        02:00
      </Tile>
      <Tile label="Errors" kind="bad" note="last 30 days">
        2 errors
      </Tile>
      <Tile label="Waiting" kind="wait" note="1,204.00 USD a month">
        7 held
      </Tile>
      <Tile label="Unmapped" note={<button type="button">Map accounts</button>}>
        31
      </Tile>
    </Tiles>
    <dl>
      <dt>Quantity</dt>
      <dd>
        <Quantity value="12" unit="users" /> <Sparkline points={counted} label="Users" />
      </dd>
      <dt>Next invoice</dt>
      <dd>
        <FromTo from="10" to="12" />, <Money value="24" currency="USD" /> more a month
      </dd>
      <dt>Last written</dt>
      <dd>
        <When at={1_795_300_000_000} zone="America/New_York" /> by nightly run
      </dd>
    </dl>
    <label for="progress">12 of 40 accounts</label>
    <progress id="progress" value="12" max="40" />
    <label for="endless">Reading ConnectWise</label>
    <progress id="endless" />
    <ul class="counts">
      <li>
        <b>12</b> updated
      </li>
      <li>
        <b>1</b> held
      </li>
      <li>
        <b>240</b> unchanged
      </li>
    </ul>
  </section>
)

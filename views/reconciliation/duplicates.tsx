import type { DuplicateCause } from '#billing/lines/duplicates.ts'
import { Badge } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Empty } from '#views/notice.tsx'
import { Money } from '#views/numbers.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { Pager } from '#views/table.tsx'

export interface DuplicateView {
  cause: DuplicateCause
  company: string
  from: string
  to?: string
  isInvoiced: boolean
  /** Absent: the member may not see money. */
  atStake?: { value: string; currency: string }
  keep: number
  additions: readonly {
    id: number
    agreement: { id: number; name: string }
    product: string
    quantity: string
    days: string
    /** Why it cannot be the one that ends. */
    kept?: string
  }[]
}

export interface DuplicatesProps {
  standing: Standing
  duplicates: readonly DuplicateView[]
  acts: boolean
  page: number
  pages: number
}

/** On the dashboard, once it was worked out: how much is billed twice; nothing, where nothing is (V6). */
export const DuplicateCount = ({
  count,
  sums,
}: {
  count: number
  sums: readonly { value: string; currency: string }[]
}) =>
  count === 0 ? null : (
    <p>
      <Badge kind="wait">Duplicates</Badge> {count === 1 ? 'One thing looks' : `${count} things look`} billed twice
      {sums.map(({ value, currency }) => (
        <>
          , <Money value={value} currency={currency} /> a billing cycle
        </>
      ))}
      . <GoTo path="/duplicates">See which</GoTo>
    </p>
  )

const causes: Record<DuplicateCause, string> = {
  'line-twice': 'One invoice line was posted twice',
  'subscription-twice': 'One subscription is billed twice on the agreement',
  'two-agreements': 'One subscription is billed on two agreements',
  serial: 'Two additions carry the same serial number',
  'beside-hand-made': 'TrueUp’s addition stands beside one made by hand',
  product: 'Two additions of one product were made by hand',
}

/** What is billed twice in ConnectWise, the most money first (V6, Q4). */
export const DuplicatesScreen = ({ standing, duplicates, acts, page, pages }: DuplicatesProps) => (
  <HubScreen standing={standing} place="/dashboard" title="Duplicates">
    <p>
      Additions that share days and look like one thing, on agreements that TrueUp writes to. Nothing is ended before
      somebody approves the plan.
    </p>
    <div id="run" />
    {duplicates.length === 0 && <Empty kind="equal" title="Nothing is billed twice as far as TrueUp can tell." />}
    {duplicates.map((duplicate) => (
      <One duplicate={duplicate} acts={acts} />
    ))}
    <Pager path="/duplicates" page={page} pages={pages} target="#main" />
  </HubScreen>
)

const One = ({ duplicate, acts }: { duplicate: DuplicateView; acts: boolean }) => {
  const { cause, company, from, to, atStake, isInvoiced, additions, keep } = duplicate
  const mayEnd = acts && !isInvoiced
  return (
    <section class="card">
      <h2>
        {causes[cause]}: {company}
      </h2>
      <p class="meta">
        <span>
          {from} to {to ?? 'no end'}
        </span>
        {atStake && (
          <span>
            <Money value={atStake.value} currency={atStake.currency} /> a billing cycle
          </span>
        )}
        {isInvoiced && <Badge kind="off">invoiced already: credit it in ConnectWise</Badge>}
      </p>
      <form {...hx({ post: '/duplicates', target: '#run', swap: 'innerHTML', disable: 'find button' })}>
        <fieldset class="radios">
          <legend>{mayEnd ? 'Tick what is to end' : 'Additions'}</legend>
          {additions.map((one) => (
            <Addition one={one} keep={keep} mayEnd={mayEnd} />
          ))}
        </fieldset>
        {mayEnd && (
          <div class="actions">
            <button type="submit">Plan to end what is ticked</button>
          </div>
        )}
      </form>
    </section>
  )
}

const Addition = ({
  one,
  keep,
  mayEnd,
}: {
  one: DuplicateView['additions'][number]
  keep: number
  mayEnd: boolean
}) => (
  <div>
    {mayEnd && one.kept === undefined ? (
      <label>
        <input type="checkbox" name="end" value={`${one.agreement.id}/${one.id}`} checked={one.id !== keep} />{' '}
        {wordsOf(one)}
      </label>
    ) : (
      <p>{wordsOf(one)}</p>
    )}
    <input type="hidden" name="of" value={String(one.id)} />
    <p class="quiet small">
      <GoTo path={`/reconciliations/${one.agreement.id}`}>{one.agreement.name}</GoTo>
      {one.kept && `; ${one.kept}`}
    </p>
  </div>
)

const wordsOf = ({ id, product, quantity, days }: DuplicateView['additions'][number]): string =>
  `${product}, quantity ${quantity}, ${days}, addition ${id}`

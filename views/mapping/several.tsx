import { Combobox } from '#views/combobox.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'
import type { AccountsProps } from './accounts.tsx'

/** What is done to many rows at once: first it is counted, then asked (M17). */
export const Several = ({ query, total, suggested }: Pick<AccountsProps, 'query' | 'total' | 'suggested'>) => (
  <div class="toolbar" id="several">
    {query.status === 'suggested' ? (
      <button
        type="button"
        {...hx({
          post: '/mappings/suggestions',
          target: '#accounts',
          swap: 'innerHTML',
          include: '#filters',
          vals: { digest: suggested.digest },
          confirm: `Accept all ${suggested.count} suggestions? Their companies are saved; agreement and addition are chosen next, and include stays off.`,
        })}
      >
        Accept all {suggested.count}
      </button>
    ) : (
      <>
        <button
          type="button"
          {...hx({
            post: '/runs',
            target: '#run',
            swap: 'innerHTML',
            include: '#accounts [name=keys]:checked',
            vals: { ticked: 'yes' },
            disable: 'this',
          })}
        >
          Sync ticked
        </button>
        {(['include', 'exclude', 'unmap'] as const).map((action) => (
          <button type="button" {...review({ action, scope: 'ticked' }, '#filters, #accounts [name=keys]:checked')}>
            {labels[action]} ticked…
          </button>
        ))}
        <Combobox
          id="several-company"
          label="Company of the ticked accounts"
          bare
          name="chosen"
          source="/pickers/companies"
          value=""
          text=""
          placeholder="Company for ticked…"
          save={review({ action: 'company', scope: 'ticked' }, '#filters, #accounts [name=keys]:checked')}
        />
        <button type="button" {...review({ action: 'include', scope: 'all' }, '#filters')}>
          Include all {total}…
        </button>
        <button type="button" {...review({ action: 'exclude', scope: 'all' }, '#filters')}>
          Exclude all {total}…
        </button>
      </>
    )}
  </div>
)

const labels = { include: 'Include', exclude: 'Exclude', unmap: 'Unmap', company: 'Map' }

const review = (vals: Record<string, string>, include: string) =>
  hx({ post: '/mappings/reviews', target: '#several', swap: 'outerHTML', include, vals })

export interface ReviewProps {
  action: 'include' | 'exclude' | 'unmap' | 'company'
  /** The company they are to be mapped to. */
  company?: { id: number; name: string }
  /** The accounts as the next form sends them; absent: everything the filters find. */
  keys?: readonly string[]
  count: number
  /** Names exactly these rows, as they are now. */
  digest: string
  /** Other rows were asked about before; nothing was changed. */
  moved?: boolean
}

/** The question before many rows are changed, with their number. */
export const Review = ({ action, company, keys, count, digest, moved }: ReviewProps) => (
  <div class="toolbar" id="several">
    {moved && <p class="error">The rows are others than you were asked about, so nothing was changed.</p>}
    {count === 0 ? (
      <p>{nothing}</p>
    ) : (
      <>
        <p>{questions[action](count === 1 ? '1 account' : `${count} accounts`, company?.name ?? '')}</p>
        <div id="review">
          {keys?.map((key) => (
            <input type="hidden" name="keys" value={key} />
          ))}
        </div>
        <button
          type="button"
          class="primary"
          {...hx({
            post: '/mappings/bulk',
            target: '#accounts',
            swap: 'innerHTML',
            include: '#filters, #review input',
            vals: {
              ...{ action, scope: keys ? 'ticked' : 'all', digest },
              ...(company ? { chosen: String(company.id) } : {}),
            },
          })}
        >
          {labels[action]} {count}
        </button>
      </>
    )}
    <button
      type="button"
      {...hx({ get: '/mappings/accounts', target: '#accounts', swap: 'innerHTML', include: '#filters' })}
    >
      Cancel
    </button>
    <Announce>
      {moved ? 'Nothing was changed. ' : ''}
      {count === 0 ? nothing : questions[action](String(count), company?.name ?? '')}
    </Announce>
  </div>
)

const nothing = 'There is no row to change.'

const questions: Record<ReviewProps['action'], (what: string, company: string) => string> = {
  include: (what) => `Include ${what}? The next sync may write them; a first write waits for a person.`,
  exclude: (what) => `Exclude ${what}? Nothing of them is written any more; what was written stays.`,
  company: (what, company) =>
    `Map ${what} to ${company}? Mappings to another company end; what was written stays in ConnectWise as it is.`,
  unmap: (what) => `Unmap ${what}? What was written stays in ConnectWise as it is.`,
}

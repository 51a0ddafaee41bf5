import { State, ToBeMade } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { PlaceLink } from '#views/place-link.tsx'
import { WhoIsIn } from '#views/pods/who-is-in.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import type { Place } from './line.ts'
import { unmapQuestion } from './pickers.tsx'
import { LivePreview, Preview, type PreviewProps } from './preview.tsx'
import { RuleForm, type RuleProps } from './rule.tsx'
import { SplitForm, type SplitProps } from './split.tsx'

export interface MappingDetailProps {
  standing: Standing
  zone: string
  id: string
  version: string
  sourceName: string
  account: string
  accountName: string
  company: Place
  agreement: Place
  target: { name: string; detail: string; toBeMade?: true }
  status: 'mapped' | 'excluded' | 'parked'
  parked?: { reason: string; at: number }
  preview: PreviewProps
  /** Mappings that are added together with this one. */
  together: readonly { id: string; text: string }[]
  /** How many more are, which the viewer may not read. */
  unseen: number
  rule: RuleProps
  /** Absent where the viewer may not split. */
  split?: SplitProps
  history: readonly { at: number; member: string; text: string }[]
  acts: boolean
  /** What was just saved, in words. */
  saved?: string
}

/** One mapping: what is read, how it becomes a quantity, what may be written, and who said so (pencil, M16). */
export const MappingDetail = (props: MappingDetailProps) => {
  const { standing, zone, accountName, target, acts, saved } = props
  return (
    <HubScreen
      standing={standing}
      place="/mappings"
      title={`${accountName} › ${target.name}`}
      actions={
        <>
          <GoTo path="/mappings">All mappings</GoTo>
          {acts && <Unmap {...props} />}
        </>
      }
    >
      <Facts {...props} />
      {saved && <Notice kind="good" title={saved} />}
      {saved && <Announce>Saved.</Announce>}
      {props.parked && <Parked parked={props.parked} zone={zone} />}
      <div class="columns">
        <RuleForm {...props.rule} />
        <div class="beside">
          <Reading {...props} />
          {props.split && <SplitForm {...props.split} />}
        </div>
      </div>
      <History history={props.history} zone={zone} />
    </HubScreen>
  )
}

const Facts = ({ company, agreement, target, status, sourceName, account }: MappingDetailProps) => (
  <p class="meta">
    <State state={status} />
    <span>
      {sourceName} account {account}
    </span>
    <span>
      <PlaceLink screen="company" place={company} /> › <PlaceLink screen="agreement" place={agreement} /> ›{' '}
      {target.name} <span class="quiet">{target.detail}</span> {target.toBeMade && <ToBeMade />}
    </span>
  </p>
)

const Parked = ({ parked, zone }: { parked: NonNullable<MappingDetailProps['parked']>; zone: string }) => (
  <Notice kind="error" title={`Parked: ${parked.reason}`}>
    <p>
      Nothing is written here since <When at={parked.at} zone={zone} />, and nothing is made in its place. Pick another
      addition or product in the list of mappings, or unmap it.
    </p>
  </Notice>
)

const Reading = ({ id, preview, acts, together, unseen }: MappingDetailProps) => (
  <section class="card" aria-labelledby="arithmetic-title">
    <h2 id="arithmetic-title">The number now</h2>
    {acts ? <LivePreview id={id} {...preview} /> : <Preview {...preview} />}
    {together.length + unseen > 0 && (
      <>
        <p>Added together with:</p>
        <ul>
          {together.map((other) => (
            <li>
              <GoTo path={`/mappings/${other.id}`}>{other.text}</GoTo>
            </li>
          ))}
          {unseen > 0 && <li>{unseen} more, of a company that you may not read in ConnectWise</li>}
        </ul>
      </>
    )}
    <WhoIsIn mapping={id} />
  </section>
)

const History = ({ history, zone }: Pick<MappingDetailProps, 'history' | 'zone'>) => (
  <section class="card" aria-labelledby="history-title">
    <h2 id="history-title">History</h2>
    {history.length === 0 ? (
      <p class="quiet">Nothing is on record.</p>
    ) : (
      <ul class="log">
        {history.map(({ at, member, text }) => (
          <li>
            <When at={at} zone={zone} bare /> {member} {text}
          </li>
        ))}
      </ul>
    )}
  </section>
)

const Unmap = ({ id, accountName, version }: MappingDetailProps) => (
  <button
    type="button"
    class="danger"
    {...hx({
      post: `/mappings/${id}/removal`,
      target: '#main',
      swap: 'innerHTML',
      vals: { version },
      confirm: unmapQuestion(accountName),
    })}
  >
    Unmap
  </button>
)

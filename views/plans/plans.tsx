import { State } from '#views/badge.tsx'
import { Empty } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { Pager, Table } from '#views/table.tsx'

export interface PlanLine {
  id: string
  state: string
  createdAt: number
  startedBy: string
  changes: number
  held: number
  /** For who may see money. */
  money: readonly string[]
}

export interface PlansProps {
  standing: Standing
  zone: string
  show: 'waiting' | 'changes' | 'all'
  plans: readonly PlanLine[]
  /** Plans all of whose changes are of companies or agreements the member may not read. */
  hidden: number
  page: number
  pages: number
  seesMoney: boolean
}

const filters = [
  ['waiting', 'Waiting'],
  ['changes', 'With changes'],
  ['all', 'All'],
] as const

/** The plans there were: those that wait first. */
export const PlansScreen = (props: PlansProps) => (
  <HubScreen standing={props.standing} place="/plans" title="Plans">
    <nav class="tabs" aria-label="Which plans">
      {filters.map(([show, text]) => (
        <GoTo path={`/plans?show=${show}`} current={show === props.show}>
          {text}
        </GoTo>
      ))}
    </nav>
    {props.plans.length === 0 ? <Nothing {...props} /> : <List {...props} />}
    <Pager path={`/plans?show=${props.show}`} page={props.page} pages={props.pages} target="#main" />
    {props.hidden > 0 && (
      <p class="quiet">Not shown: {props.hidden} about companies or agreements that you may not read in ConnectWise.</p>
    )}
  </HubScreen>
)

const Nothing = ({ show }: PlansProps) => (
  <Empty kind={show === 'waiting' ? 'equal' : 'run'} title={show === 'waiting' ? 'Nothing waits.' : 'No plan yet.'}>
    <p>{show === 'waiting' ? 'No change is held for a person.' : 'Every run makes one.'}</p>
  </Empty>
)

const columns = [
  { text: 'Plan' },
  { text: 'State' },
  { text: 'Changes', number: true },
  { text: 'Held', number: true },
  { text: 'Started by', room: 1 as const },
]

const List = ({ plans, zone, seesMoney }: PlansProps) => (
  <Table
    caption="Plans"
    columns={seesMoney ? [...columns, { text: 'Money', number: true, room: 1 as const }] : columns}
  >
    <tbody>
      {plans.map((plan) => (
        <tr class={plan.state === 'waiting' ? 'wait' : undefined}>
          <td class="name">
            <GoTo path={`/plans/${plan.id}`}>
              <When at={plan.createdAt} zone={zone} bare />
            </GoTo>
          </td>
          <td class="state">
            <State state={plan.state} />
          </td>
          <td class="number">{plan.changes} changes</td>
          <td class="number">{plan.held} held</td>
          <td class="room-1">{plan.startedBy}</td>
          {seesMoney && (
            <td class="number room-1">
              {plan.money.map((text) => (
                <p>{text}</p>
              ))}
            </td>
          )}
        </tr>
      ))}
    </tbody>
  </Table>
)

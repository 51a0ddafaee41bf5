import type { Child } from 'hono/jsx'
import type { ScreenRecord } from './host.ts'
import type { RegisteredFrame } from './hosted.ts'
import { Layout, type LayoutProps } from './layout.tsx'

/** How this host behaves, chosen at the foot of each screen and kept in the address. */
export interface Switches {
  /** Whether onLoad and beforeSave fire. */
  events: boolean
  /** Whether anything a frame says is answered. */
  answers: boolean
}

export interface HostingScreenProps extends Omit<LayoutProps, 'children'> {
  record: ScreenRecord
  frames: readonly RegisteredFrame[]
  switches: Switches
  /** The records before and after this one. */
  before?: string
  after?: string
  children?: Child
}

/** A screen that frames what is registered for it. What has `data-live` is read again on refresh. */
export const HostingScreen = (props: HostingScreenProps) => {
  const { record, frames, switches, before, after, children, ...layout } = props
  const tabs = frames.filter(({ hostedAs }) => hostedAs === 'tab')
  const pods = frames.filter(({ hostedAs }) => hostedAs === 'pod')
  return (
    <Layout {...layout}>
      <main data-host={JSON.stringify({ record, frames, switches })}>
        <div class="heading">
          <h1 id="heading" data-live>
            {layout.title}
          </h1>
          <p id="neighbours" class="tools" data-live>
            {before && <a href={before}>Previous</a>}
            {after && <a href={after}>Next</a>}
          </p>
          <button type="button" id="refresh">
            Refresh
          </button>
        </div>
        <p id="message" role="status" />
        <div class={pods.length > 0 ? 'columns' : ''}>
          <div>
            <Tabs tabs={tabs} />
            <section id="panel-0" role="tabpanel" aria-labelledby="tab-0" data-live>
              {children}
            </section>
            {tabs.map((tab) => (
              <section id={`panel-${tab.id}`} role="tabpanel" aria-labelledby={`tab-${tab.id}`} hidden>
                <Frame frame={tab} height={720} />
              </section>
            ))}
          </div>
          {pods.length > 0 && (
            <aside aria-label="Pods">
              {pods.map((pod) => (
                <section aria-labelledby={`pod-${pod.id}`}>
                  <h2 id={`pod-${pod.id}`}>{pod.caption}</h2>
                  <Frame frame={pod} height={pod.height} />
                </section>
              ))}
            </aside>
          )}
        </div>
        <HostRegion switches={switches} />
      </main>
    </Layout>
  )
}

const Tabs = ({ tabs }: { tabs: readonly RegisteredFrame[] }) => (
  <div role="tablist" aria-label="Tabs">
    {[{ id: 0, caption: 'Overview' }, ...tabs].map(({ id, caption }) => (
      <button
        type="button"
        role="tab"
        id={`tab-${id}`}
        aria-controls={`panel-${id}`}
        aria-selected={id === 0 ? 'true' : 'false'}
        tabindex={id === 0 ? 0 : -1}
      >
        {caption}
      </button>
    ))}
  </div>
)

/** The address is set by the script, once it listens; a tab's only when it is first opened. */
const Frame = ({ frame: { id, title, hostedAs }, height }: { frame: RegisteredFrame; height: number }) => (
  <iframe id={`frame-${id}`} name={`${hostedAs}-${id}`} title={title} height={height} />
)

/** What passes between this page and its frames, and how this host behaves. */
const HostRegion = ({ switches }: { switches: Switches }) => (
  <section class="host" aria-labelledby="host-heading">
    <h2 id="host-heading">Hosted API</h2>
    <p id="host-state" data-unanswered="0" data-dirty="0">
      No event waits for an answer.
    </p>
    <form method="get">
      <Switch name="events" caption="Host events" on={switches.events} words={['fire', 'do not fire']} />
      <Switch name="answers" caption="Host" on={switches.answers} words={['answers', 'gives URL tokens only']} />
      <button type="submit">Apply</button>
    </form>
    <details>
      <summary>Host log</summary>
      <ol id="host-log" />
    </details>
  </section>
)

const Switch = ({
  name,
  caption,
  on,
  words,
}: {
  name: string
  caption: string
  on: boolean
  words: [string, string]
}) => (
  <label>
    {caption}{' '}
    <select name={name}>
      <option value="on" selected={on}>
        {words[0]}
      </option>
      <option value="off" selected={!on}>
        {words[1]}
      </option>
    </select>
  </label>
)

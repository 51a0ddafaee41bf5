/** A registered tab or pod, as the page that frames it knows it. */
export interface HostedFrame {
  id: number
  title: string
  hostedAs: 'tab' | 'pod'
  /** Its registered origin; only messages from there count. */
  origin: string
}

/** The screen and record the page shows. */
export interface ScreenRecord {
  screen: string
  /** 0 on a screen without a record. */
  id: number
}

/** One message in either direction; `ignored` is why the host did not act on it. */
export interface Note {
  direction: 'in' | 'out'
  frame: HostedFrame
  text: string
  ignored?: string
}

/** What the protocol needs from the page around it. */
export interface HostPage {
  post(frame: HostedFrame, text: string): void
  record(): ScreenRecord
  /** Who is logged in now: site, companyid, memberid, memberHash, memberContext, memberEmail. */
  authentication(): Promise<Record<string, string>>
  refreshScreen(): void
  openScreen(screen: 'ticket' | 'company', id: number, newTab: boolean): void
  note(note: Note): void
  /** Dirty frames or unanswered events may have changed. */
  changed(): void
  /** A text never used before. */
  newId(): string
}

export interface Host {
  /** Takes whatever a frame sent. */
  receive(frame: HostedFrame, origin: string, sent: unknown): void
  /** Fires onLoad in every frame that is ready, and says which: the screen was refreshed or shows another record. */
  load(): HostedFrame[]
  /** Fires beforeSave in the pods that are ready. Resolves with their errors when all have answered, and not before. */
  beforeSave(): Promise<string[]>
  dirty(): HostedFrame[]
  unanswered(): { frame: HostedFrame; event: string }[]
}

/** One frame after its `ready`. */
interface Connection {
  frame: HostedFrame
  frameID: string
  isDirty: boolean
  waiting: Map<string, { event: string; answered(errors: string[]): void }>
}

type Message = Record<string, unknown>

/** What to do, or why nothing is done. */
type Decision = (() => void) | string

/**
 * The parent's side of the Hosted API. `events` false: onLoad and beforeSave never fire. `answers` false: nothing is
 * answered at all, so a frame knows only its address.
 */
export function createHost({ events, answers }: { events: boolean; answers: boolean }, page: HostPage): Host {
  const connections = new Map<number, Connection>()

  const send = (frame: HostedFrame, message: Message) => {
    const text = JSON.stringify(message)
    page.note({ direction: 'out', frame, text })
    page.post(frame, text)
  }

  const fire = (connection: Connection, event: string): Promise<string[]> =>
    new Promise((answered) => {
      const { frame, waiting } = connection
      const _id = page.newId()
      waiting.set(_id, { event, answered })
      send(frame, { event, _id, data: { screenObject: screenObject(frame, page.record()) } })
      page.changed()
    })

  const begin = (frame: HostedFrame) => {
    const connection: Connection = { frame, frameID: page.newId(), isDirty: false, waiting: new Map() }
    connections.set(frame.id, connection)
    send(frame, { MessageFrameID: connection.frameID })
    if (events) void fire(connection, 'onLoad')
    page.changed()
  }

  const settle = ({ waiting }: Connection, { event, _id, result, errors }: Message): Decision => {
    const asked = waiting.get(String(_id))
    if (!asked || asked.event !== event) return 'no such event waits for an answer'
    if (result !== 'success' && result !== 'failure') return 'its result is neither success nor failure'
    return () => {
      waiting.delete(String(_id))
      asked.answered(result === 'failure' ? textsOf(errors) : [])
      page.changed()
    }
  }

  const authenticate = async (frame: HostedFrame) => {
    const data = await page.authentication()
    // An _id may be missing; a tab gets none.
    const numbered = frame.hostedAs === 'pod' ? { _id: page.newId() } : {}
    send(frame, { response: 'getmemberauthentication', data, ...numbered })
  }

  const handle = (connection: Connection, { hosted_request: name, args }: Message): Decision => {
    switch (name) {
      case 'getMemberAuthentication':
        return () => void authenticate(connection.frame)
      case 'refreshScreen':
        return connection.frame.hostedAs === 'pod' ? page.refreshScreen : 'only a pod may refresh the screen'
      case 'setDirty':
        return () => {
          connection.isDirty = argument(args, 'dirty') === true
          page.changed()
        }
      case 'openScreen':
        return open(args, page)
      default:
        return 'there is no such request'
    }
  }

  const decide = (frame: HostedFrame, origin: string, sent: unknown): Decision => {
    if (!answers) return 'this host answers nothing'
    if (origin !== frame.origin) return `${origin} is not the registered origin ${frame.origin}`
    const message = parsed(sent)
    if (!message) return 'it is not a JSON object in a string'
    if (message.message === 'ready') return () => begin(frame)
    const connection = connections.get(frame.id)
    if (!connection || message.frameID !== connection.frameID) return 'its frameID is missing or not this frame’s'
    if ('hosted_request' in message) return handle(connection, message)
    return 'event' in message ? settle(connection, message) : 'it is neither a hosted_request nor an answer'
  }

  return {
    receive(frame, origin, sent) {
      const decision = decide(frame, origin, sent)
      const text = typeof sent === 'string' ? sent : String(JSON.stringify(sent))
      const note: Note = { direction: 'in', frame, text }
      page.note(typeof decision === 'string' ? { ...note, ignored: decision } : note)
      if (typeof decision !== 'string') decision()
    },
    load() {
      const told = events ? [...connections.values()] : []
      for (const connection of told) void fire(connection, 'onLoad')
      return told.map(({ frame }) => frame)
    },
    async beforeSave() {
      const pods = events ? [...connections.values()].filter(({ frame }) => frame.hostedAs === 'pod') : []
      return (await Promise.all(pods.map((pod) => fire(pod, 'beforeSave')))).flat()
    },
    dirty: () => [...connections.values()].filter(({ isDirty }) => isDirty).map(({ frame }) => frame),
    unanswered: () =>
      [...connections.values()].flatMap(({ frame, waiting }) =>
        [...waiting.values()].map(({ event }) => ({ frame, event })),
      ),
  }
}

/** Mixed forms are real: a tab is told a number, a pod a text. */
const screenObject = ({ hostedAs }: HostedFrame, { screen, id }: ScreenRecord) => ({
  screen,
  id: hostedAs === 'pod' ? String(id) : id,
  hostedAs,
})

function open(args: unknown, page: HostPage): Decision {
  const [screen, id] = [argument(args, 'screen'), argument(args, 'id')]
  if (screen !== 'ticket' && screen !== 'company') return 'only a ticket or a company can be opened'
  if (typeof id !== 'number' || !Number.isInteger(id)) return 'its id is not a whole number'
  return () => page.openScreen(screen, id, argument(args, 'newTab') === true)
}

function parsed(sent: unknown): Message | undefined {
  if (typeof sent !== 'string') return undefined
  try {
    const message: unknown = JSON.parse(sent)
    return isMessage(message) ? message : undefined
  } catch {
    return undefined
  }
}

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const argument = (args: unknown, name: string): unknown => (isMessage(args) ? args[name] : undefined)

const textsOf = (errors: unknown): string[] => (Array.isArray(errors) ? errors.map(String) : ['It gave no reason.'])

// What went wrong, above the screen and announced; what was typed stays.
import { main, make, on } from './say.js'

const notice = document.getElementById('notice')
const ours = [409, 422]

const reasons = {
  outside: [
    'Open TrueUp inside ConnectWise.',
    'It works as a tab or pod of the Company, Agreement and Today screens, where ConnectWise says who you are.',
  ],
  silent: [
    'ConnectWise does not answer.',
    `Reload this screen in ConnectWise. If that does not help, ask an administrator whether the origin of this tab or pod under Setup Tables, Manage Hosted API, is ${location.origin}.`,
  ],
  refused: ['Your session has ended.', 'ConnectWise could not confirm who you are.'],
  unreachable: ['TrueUp cannot be reached.', 'Check the connection, then try again.'],
  unanswered: [
    'TrueUp did not answer.',
    'What was sent may have arrived all the same: look at the newest state before you send it again.',
  ],
}

/** A notice with one way on: `again` is done when its button is pressed. */
function show([title, text], again, label = 'Try again') {
  const button = make('button', '', label)
  button.type = 'button'
  button.addEventListener('click', () => {
    clear()
    again()
  })
  const lines = [make('p', 'title', title), ...(text ? [make('p', '', text)] : []), ...(again ? [button] : [])]
  const sign = make('span', 'sign', '✕')
  sign.ariaHidden = 'true'
  notice.replaceChildren(make('div', 'notice error', sign, make('div', '', ...lines)))
  notice.scrollIntoView({ block: 'nearest' })
}

function clear() {
  notice.replaceChildren()
}

/** Without a session nothing can be asked for: what would ask is switched off, the rest stays to be read and copied. */
function switchOff(isOff) {
  for (const control of main.querySelectorAll(isOff ? 'button:enabled, select:enabled' : '[data-off]')) {
    control.disabled = isOff
    control.toggleAttribute('data-off', isOff)
  }
}

on(
  'frame:lost',
  (reason) => {
    const isLoading = main.matches('[aria-busy=true]')
    const known = typeof reason === 'string' ? (reasons[reason] ?? [reason]) : reasons.unreachable
    if (isLoading) {
      main.replaceChildren()
      main.ariaBusy = 'false'
    }
    switchOff(true)
    const again = () => dispatchEvent(new CustomEvent('frame:again', { detail: true }))
    show(known, again, isLoading ? 'Try again' : 'Reload')
  },
  window,
)

on(
  'frame:session',
  () => {
    switchOff(false)
    clear()
  },
  window,
)

on('htmx:config:request', ({ ctx }) => ctx.sourceEvent?.isTrusted && clear())

// Only what a screen of ours says is shown in its place; an answer of somebody in between is not.
on('htmx:before:response', ({ ctx }, event) => {
  const { status } = ctx.response
  if (status < 400 || ctx.hx.retarget || ours.includes(status)) return
  event.preventDefault()
  show([`TrueUp answered with the error ${status}.`, 'Nothing on this screen was changed by it.'], retryOf(ctx))
})

on('htmx:error', ({ ctx, error }) => {
  if (!ctx || ctx.response) return
  const isReading = ctx.request.method === 'GET'
  show(isReading || error?.name === 'TypeError' ? reasons.unreachable : reasons.unanswered, retryOf(ctx))
})

on('htmx:after:swap', ({ ctx }) => {
  const isRefused = ctx.hx?.retarget === '#notice'
  // What was to come does not: its placeholder goes.
  if (isRefused && main.ariaBusy === 'true') main.replaceChildren()
  main.ariaBusy = 'false'
  if (isRefused) notice.scrollIntoView({ block: 'nearest' })
})

/** Reading is asked for again as it was; a change only by whoever made it. */
function retryOf({ request, target, swap, sourceElement: source }) {
  if (request.method !== 'GET') return undefined
  return () =>
    window.htmx.ajax('GET', request.action, { target, swap, source: source.isConnected ? source : undefined })
}

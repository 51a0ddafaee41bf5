// After a swap the focus stays on the same control, or goes to the new heading when the screen is another one.
import { main, on } from './say.js'

const places = new WeakMap()

/** What tells a control from its neighbours, also after it was replaced by a new one. */
const signOf = (element) =>
  element.id ||
  ['id', 'name', 'value', 'hx-get', 'hx-post', 'hx-put', 'hx-patch', 'hx-delete', 'href']
    .map((name) => element.getAttribute(name))
    .concat(element.tagName, element.matches('button,a') ? element.textContent.trim() : '')
    .join('|')

const isLost = () => !document.activeElement || document.activeElement === document.body

on('htmx:config:request', ({ ctx }) => {
  const held = document.activeElement
  if (!isLost()) places.set(ctx, { held, sign: signOf(held) })
})

on('htmx:finally:request', ({ ctx }) => {
  // A refused form says so above its fields; `autofocus` is denied to frames of another origin.
  const refusal = ctx.response?.status === 422 && main.querySelector('[data-refusal]')
  if (refusal) return queueMicrotask(() => refusal.focus())
  const place = places.get(ctx)
  // The controls that were disabled meanwhile are enabled after this event.
  if (place) queueMicrotask(() => restore(place, ctx.target === main))
})

function restore({ held, sign }, isScreen) {
  if (!isLost() && document.activeElement !== held) return
  const isThere = held.isConnected && !held.disabled
  const same = isThere ? held : [...document.querySelectorAll(held.tagName)].find((one) => signOf(one) === sign)
  const heading = main.querySelector('h1')
  // What a save leaves behind may be hidden until something is edited again.
  const shown = same?.checkVisibility() ? same : undefined
  const next = isScreen && !isThere ? (heading ?? shown) : (shown ?? heading)
  next?.focus({ preventScroll: next !== heading })
}

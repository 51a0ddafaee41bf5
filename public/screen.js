// Which screen is shown: read when there is a session, when the host shows another record, and when it is old.
import { isDirty, leaving } from './edits.js'
import { main, on } from './say.js'

const { at, screen } = document.body.dataset
const folder = { company: '/companies/', agreement: '/agreements/' }[screen]
const oldMs = 5 * 60_000
const mostVisited = 20
const visited = []

/** Where Back ends: the record’s own screen, or the hub’s first. */
let home = !folder || at?.startsWith(folder) ? at : undefined
let first = at
let hasSession = false
let current
let readAt = 0

function read(path, confirm) {
  return window.htmx.ajax('GET', path, { target: main, swap: 'innerHTML', ...(confirm ? { confirm } : {}) })
}

function readIfOld() {
  if (current && Date.now() - readAt > oldMs && !isDirty()) read(current)
}

/** The record that the host shows; a company's screen says `company`, what an agreement's says nobody has seen. */
function recordOf({ screen: said, id }) {
  const isOurs = folder && (screen !== 'company' || !said || said === 'company')
  return isOurs && Number.isSafeInteger(Number(id)) && Number(id) > 0 ? folder + Number(id) : undefined
}

on(
  'frame:session',
  () => {
    hasSession = true
    if (!current && first) read(first)
  },
  window,
)

on(
  'frame:record',
  (said) => {
    const path = recordOf(said)
    if (!path || path === home) return readIfOld()
    // A screen of ours was asked for in the address: the record is only where Back leads.
    const isAsked = !home && first
    home = path
    if (isAsked) return
    first = path
    visited.length = 0
    if (hasSession) read(path)
  },
  window,
)

on('visibilitychange', () => document.hidden || readIfOld())

on('htmx:after:swap', ({ ctx }) => {
  const { method, action } = ctx.request
  if (ctx.target !== main || method !== 'GET' || ctx.response.status >= 400) return
  readAt = Date.now()
  if (action === visited.at(-1)) visited.pop()
  else if (current && current !== action) visited.push(current)
  if (visited.length > mostVisited) visited.shift()
  current = action
})

on('click', (_, { target }) => {
  const before = visited.at(-1) ?? home
  if (target.closest('[data-back]') && before) read(before, isDirty() && leaving)
})

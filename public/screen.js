// Which screen is shown: read when there is a session, when the host shows another record, and when it is old.
import { isDirty, leaving } from './edits.js'
import { main, on } from './say.js'

const { at, screen } = document.body.dataset
const records = { company: '/companies/', agreement: '/agreements/' }
const oldMs = 5 * 60_000
const visited = []

let home = at
let current
let readAt = 0

function read(path, confirm) {
  return window.htmx.ajax('GET', path, { target: main, swap: 'innerHTML', ...(confirm ? { confirm } : {}) })
}

function readIfOld() {
  if (current && Date.now() - readAt > oldMs && !isDirty()) read(current)
}

on('frame:session', () => current || !home || read(home), window)

on(
  'frame:record',
  ({ screen: said, id }) => {
    const isRecord = Number.isSafeInteger(Number(id)) && Number(id) > 0
    // A company's screen says `company`; what an agreement's says nobody has seen.
    if (!records[screen] || !isRecord || (screen === 'company' && said && said !== 'company')) return readIfOld()
    const path = records[screen] + Number(id)
    if (path === home) return readIfOld()
    const isFirst = !readAt && at && !at.startsWith(records[screen])
    home = path
    visited.length = 0
    if (!isFirst && (readAt || !at)) read(path)
  },
  window,
)

on('visibilitychange', () => document.hidden || readIfOld())

on('htmx:after:swap', ({ ctx }) => {
  if (ctx.target !== main || ctx.request.method !== 'GET' || ctx.response.status >= 400) return
  readAt = Date.now()
  if (current && current !== ctx.request.action && visited.at(-1) !== current) visited.push(current)
  current = ctx.request.action
})

on('click', (_, { target }) => {
  if (!target.closest('[data-back]')) return
  const before = visited.pop() ?? home
  current = undefined
  read(before, isDirty() && leaving)
})

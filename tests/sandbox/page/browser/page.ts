import { createHost, type Host } from '../host.ts'
import type { RegisteredFrame } from '../hosted.ts'
import { showNote, showState } from './host-log.ts'
import { iframeOf, type PageState, readPage, say, stateOf, swapIn } from './page-state.ts'
import { workTabs } from './tabs.ts'

const found = stateOf(document)
if (found) work(found)

/** Frames what the page names, speaks with it, and reads the record again without leaving the page. */
function work(state: PageState): void {
  let { record, frames } = state
  const opened = new Set(frames.filter(({ hostedAs }) => hostedAs === 'pod').map(({ id }) => id))
  let isEdited = false

  const host: Host = createHost(state.switches, {
    post: (frame, text) => iframeOf(frame)?.contentWindow?.postMessage(text, frame.origin),
    record: () => record,
    authentication: async () => (await fetch('/authentication')).json(),
    refreshScreen: () => void reread(location.href),
    openScreen: (screen, id, newTab) => {
      const path = screen === 'ticket' ? `/tickets/${id}` : `/companies/${id}`
      if (newTab) window.open(path, '_blank')
      else location.assign(path)
    },
    note: showNote,
    changed: () => showState(host),
    newId: () => crypto.randomUUID(),
  })

  const load = (frame: RegisteredFrame) => {
    if (opened.has(frame.id)) iframeOf(frame)?.setAttribute('src', frame.url)
  }

  const mayLeave = (): boolean => {
    const edited = [...host.dirty().map(({ title }) => title), ...(isEdited ? ['this screen'] : [])]
    return edited.length === 0 || confirm(`There are unsaved edits in ${edited.join(' and ')}. Go on and lose them?`)
  }

  /** Shows a page that was read: the record may be another one. Frames get an event, or are loaded again. */
  const show = (page: Document) => {
    const next = stateOf(page)
    if (!next) return location.reload()
    swapIn(page)
    const isSame = next.record.id === record.id
    record = next.record
    frames = next.frames
    isEdited = false
    const told = new Set(host.load().map(({ id }) => id))
    for (const frame of frames) if (!told.has(frame.id) && (frame.hostedAs === 'pod' || !isSame)) load(frame)
  }

  const reread = async (url: string) => {
    if (!mayLeave()) return
    try {
      show(await readPage(url))
      if (url !== location.href) history.pushState(null, '', url)
      say('')
    } catch (error) {
      say(`Not refreshed. ${error instanceof Error ? error.message : error}`)
    }
  }

  const save = async (form: HTMLFormElement) => {
    say('Saving: waits for the pods.')
    const errors = await host.beforeSave()
    if (errors.length > 0) return say(`Not saved. ${errors.join(' ')}`)
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    const page = await readPage(form.action, { method: 'POST', body })
    const problems = page.querySelector('[role=alert]')
    document.querySelector('[role=alert]')?.remove()
    say(problems ? '' : 'Saved.')
    // What was typed stays when it is refused.
    if (problems) form.before(problems)
    else show(page)
  }

  addEventListener('message', ({ source, origin, data }) => {
    const frame = frames.find((one) => source !== null && iframeOf(one)?.contentWindow === source)
    if (frame) host.receive(frame, origin, data)
  })
  document.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.form?.matches('[data-save]')) isEdited = true
  })
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !form.matches('[data-save]')) return
    event.preventDefault()
    save(form).catch((error: unknown) => say(`Not saved. ${error instanceof Error ? error.message : error}`))
  })
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('#neighbours a') : null
    if (!(link instanceof HTMLAnchorElement)) return
    event.preventDefault()
    void reread(link.href)
  })
  document.querySelector('#refresh')?.addEventListener('click', () => void reread(location.href))
  addEventListener('popstate', () => location.reload())
  workTabs((id) => {
    const frame = frames.find((one) => one.id === id)
    if (!frame || opened.has(id)) return
    opened.add(id)
    load(frame)
  })
  frames.forEach(load)
}

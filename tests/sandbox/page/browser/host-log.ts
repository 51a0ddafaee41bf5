import type { Host, Note } from '../host.ts'

/** Adds one line to the host log: which way, whose, what, and why it was ignored. */
export function showNote({ direction, frame, text, ignored }: Note): void {
  const line = document.createElement('li')
  line.dataset.direction = direction
  line.dataset.frame = frame.title
  line.dataset.message = text
  if (ignored !== undefined) line.dataset.ignored = ignored
  const way = direction === 'in' ? 'from' : 'to'
  line.textContent = `${way} ${frame.title}: ${text}${ignored === undefined ? '' : ` (ignored: ${ignored})`}`
  document.querySelector('#host-log')?.append(line)
}

/** Says which events nobody has answered and which frames hold unsaved edits. */
export function showState(host: Host): void {
  const state = document.querySelector<HTMLElement>('#host-state')
  if (!state) return
  const unanswered = host.unanswered()
  const dirty = host.dirty()
  state.dataset.unanswered = String(unanswered.length)
  state.dataset.dirty = String(dirty.length)
  const sentences = [
    ...unanswered.map(({ frame, event }) => `${event} waits for the answer of ${frame.title}.`),
    ...dirty.map(({ title }) => `${title} holds unsaved edits.`),
  ]
  state.textContent = sentences.length > 0 ? sentences.join(' ') : 'No event waits for an answer.'
}

// What the host is asked for, where there is one.
import { on } from './say.js'

const { body } = document

export function askHost(name, args) {
  if (body.dataset.framed) dispatchEvent(new CustomEvent('frame:ask', { detail: [name, args] }))
}

// The source of a request may be gone by the time its answer has replaced it; then htmx tells the document only.
on('written', (_, { target }) => {
  if (target === document) return body.dispatchEvent(new CustomEvent('written', { bubbles: false }))
  if (body.matches('.pod')) askHost('refreshScreen')
})

// ConnectWise opens companies itself; other records and other hosts are ordinary links to a new window.
on('click', (_, click) => {
  const id = Number(click.target.closest('a[data-open=company]')?.dataset.id)
  if (!id || !body.dataset.framed || click.ctrlKey || click.metaKey || click.shiftKey) return
  click.preventDefault()
  askHost('openScreen', { newTab: false, screen: 'company', id })
})

const live = document.getElementById('live')
const dialog = document.getElementById('ask')

export const main = document.getElementById('main')

export function on(name, heard, from = document) {
  from.addEventListener(name, (event) => heard(event.detail ?? event, event))
}

export function make(tag, className, ...children) {
  const element = document.createElement(tag)
  element.className = className
  element.append(...children)
  return element
}

/** Told to screen readers, politely. */
export function announce(text) {
  live.textContent = text
}

/** Asks in the page, because browsers may refuse `confirm` in a frame. Resolves to whether it was wanted. */
function confirmed(question) {
  dialog.querySelector('p').textContent = question
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true })
  })
}

dialog?.addEventListener('click', ({ target }) => target.value !== undefined && dialog.close(target.value))

on('htmx:confirm', ({ ctx, issueRequest, dropRequest }, event) => {
  event.preventDefault()
  confirmed(ctx.confirm).then((yes) => (yes ? issueRequest() : dropRequest()))
})

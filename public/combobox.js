// Pickers of views/combobox.tsx. The input keeps the focus; the option under way is told by aria-activedescendant.
import { announce, on } from './say.js'

const isCombobox = (element) => element?.matches?.('[role=combobox]')
const popupOf = (input) => input.parentElement.querySelector('.options')
const optionsOf = (input) => [...popupOf(input).querySelectorAll('[role=option]:not([aria-disabled=true])')]
const isOpen = (input) => input.ariaExpanded === 'true'
const typed = new WeakSet()
const timers = new WeakMap()

function search(input, delay = 0) {
  clearTimeout(timers.get(input))
  timers.set(
    input,
    setTimeout(() => window.htmx.trigger(input, 'search'), delay),
  )
}

function open(input) {
  const popup = popupOf(input)
  const list = popup.querySelector('[role=listbox]')
  list.id = `${popup.id}-list`
  for (const [at, option] of [...list.children].entries()) option.id = `${list.id}-${at}`
  input.setAttribute('aria-controls', list.id)
  input.ariaExpanded = 'true'
  const { left, bottom, top, width } = input.getBoundingClientRect()
  const isBelow = innerHeight - bottom >= Math.min(160, top)
  popup.style.cssText = `left:${left}px;min-width:${width}px;max-width:${innerWidth - left - 8}px;max-height:${(isBelow ? innerHeight - bottom : top) - 8}px;${isBelow ? `top:${bottom}px` : `bottom:${innerHeight - top}px`}`
  if (!popup.matches(':popover-open')) popup.showPopover()
  announce(popup.querySelector('[data-count]').textContent)
  const options = optionsOf(input)
  activate(input, options.length === 1 && typed.has(input) ? options[0] : undefined)
}

/** Closes; what was typed and not picked goes back to what it was. */
function close(input) {
  clearTimeout(timers.get(input))
  typed.delete(input)
  input.value = input.defaultValue
  if (!isOpen(input)) return
  input.ariaExpanded = 'false'
  input.removeAttribute('aria-activedescendant')
  const popup = popupOf(input)
  popup.hidePopover()
  // A swap copies the style of what it replaces as an attribute, which the CSP forbids; Chromium removes only one that was read.
  if (popup.hasAttribute('style')) popup.removeAttribute('style')
}

function activate(input, option) {
  for (const one of popupOf(input).querySelectorAll('[aria-selected=true]')) one.ariaSelected = 'false'
  input.removeAttribute('aria-activedescendant')
  if (!option) return
  option.ariaSelected = 'true'
  option.scrollIntoView({ block: 'nearest' })
  input.setAttribute('aria-activedescendant', option.id)
}

function move(input, step) {
  if (!isOpen(input)) return search(input)
  const options = optionsOf(input)
  const now = options.findIndex((option) => option.ariaSelected === 'true')
  const next = now < 0 && step < 0 ? options.length - 1 : (now + step + options.length) % options.length
  activate(input, options[next])
}

function pick(input, option) {
  const { id, text } = option.dataset
  const value = input.parentElement.querySelector('[type=hidden]')
  input.defaultValue = text
  close(input)
  value.value = id
  value.dispatchEvent(new Event('change', { bubbles: true }))
  window.htmx.trigger(value, 'picked')
}

const keys = {
  ArrowDown: (input) => move(input, 1),
  ArrowUp: (input) => move(input, -1),
  Enter(input) {
    const active = optionsOf(input).find((option) => option.ariaSelected === 'true')
    if (isOpen(input) && active) pick(input, active)
  },
  Escape: (input) => (isOpen(input) || typed.has(input)) && close(input),
}

on('keydown', (_, event) => {
  const { target: input, key } = event
  if (!isCombobox(input) || !keys[key] || (key === 'Escape' && !isOpen(input) && !typed.has(input))) return
  event.preventDefault()
  keys[key](input)
})

on('input', (_, { target }) => {
  if (!isCombobox(target)) return
  typed.add(target)
  search(target, 200)
})

on('click', (_, { target }) => {
  if (isCombobox(target) && !isOpen(target)) {
    target.select()
    search(target)
  }
  const option = target.closest('.options [role=option]:not([aria-disabled=true])')
  if (option) pick(option.closest('.combobox').querySelector('[role=combobox]'), option)
})

// Pressing on an option must not take the focus from the input.
on('mousedown', (_, event) => event.target.closest('.options') && event.preventDefault())
on('focusout', (_, { target }) => isCombobox(target) && close(target))
addEventListener(
  'scroll',
  ({ target }) => {
    if (isCombobox(document.activeElement) && !target.closest?.('.options')) close(document.activeElement)
  },
  true,
)

// What is chosen already is no search.
on('htmx:config:request', ({ ctx }) => {
  const { sourceElement: input, request } = ctx
  if (isCombobox(input) && !typed.has(input)) request.body.set('search', '')
})

on('htmx:after:swap', ({ ctx }) => {
  const input = ctx.sourceElement
  if (isCombobox(input) && input === document.activeElement && ctx.response.status < 400) open(input)
})

// Forms with `data-edits`: the save bar and the host's dirty flag come with the first change and go with the last.
import { askHost } from './host.js'
import { main, on } from './say.js'

let wasDirty = false

export const isDirty = () => document.querySelector('form[data-dirty]') !== null

export const leaving = 'There are unsaved changes. Leave without saving them?'

const defaultIndex = ({ options }) =>
  Math.max(
    0,
    [...options].findIndex((option) => option.defaultSelected),
  )

function isChanged(control) {
  if (control.matches('[role=combobox],button,fieldset,output')) return false
  if (control.matches('select')) return control.selectedIndex !== defaultIndex(control)
  if (control.matches('[type=checkbox],[type=radio]')) return control.checked !== control.defaultChecked
  return control.value !== control.defaultValue
}

function look() {
  for (const form of document.querySelectorAll('form[data-edits]'))
    form.toggleAttribute('data-dirty', form.matches('[data-edits=refused]') || [...form.elements].some(isChanged))
  if (isDirty() === wasDirty) return
  wasDirty = !wasDirty
  askHost('setDirty', { dirty: wasDirty })
}

for (const name of ['input', 'change', 'htmx:after:swap']) on(name, look)
on('reset', () => setTimeout(look))

// A fresh screen in place of unsaved edits is asked about, once; a saved form is the way out that needs no question.
on('htmx:config:request', ({ ctx }) => {
  if (ctx.target === main && isDirty() && !ctx.sourceElement.closest('form[data-dirty]')) ctx.confirm ??= leaving
})

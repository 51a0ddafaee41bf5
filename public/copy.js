import { announce, on } from './say.js'

// A frame may be refused the clipboard: then the text is selected at least. `navigator.clipboard` always is.
on('click', (_, { target }) => {
  const button = target.closest('[data-copy]')
  const text = button && document.querySelector(button.dataset.copy)
  if (!text) return
  if (text.select) text.select()
  else getSelection().selectAllChildren(text)
  announce(document.execCommand('copy') ? 'Copied.' : 'Selected: copy it with Ctrl+C.')
})

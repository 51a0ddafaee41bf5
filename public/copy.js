import { announce, on } from './say.js'

// A frame may not use the clipboard: then the text is selected.
on('click', async (_, { target }) => {
  const source = target.closest('[data-copy]')
  const text = source && document.querySelector(source.dataset.copy)
  if (!text) return
  if (text.select) text.select()
  else getSelection().selectAllChildren(text)
  try {
    await navigator.clipboard.writeText(text.value ?? text.textContent)
    announce('Copied.')
  } catch {
    announce('Selected: copy it with Ctrl+C.')
  }
})

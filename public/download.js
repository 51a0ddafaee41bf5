import { announce, on } from './say.js'

// A download needs the member's token, so it is asked for like everything else and saved from memory.
on('htmx:after:request', ({ ctx }) => {
  const name = ctx.sourceElement.dataset.download
  if (!name || ctx.response.status !== 200) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([ctx.text], { type: 'text/csv' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
  announce('Downloaded.')
})

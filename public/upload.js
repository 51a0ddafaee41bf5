import { on } from './say.js'

// A file that is too large is said so before it is sent: the server would refuse it unread.
on('change', (_, { target }) => {
  const { mostBytes } = target.dataset
  if (!mostBytes) return
  const isTooLarge = [...target.files].some(({ size }) => size > Number(mostBytes))
  target.setCustomValidity(isTooLarge ? `At most ${mostBytes / 1e6} MB are taken.` : '')
})

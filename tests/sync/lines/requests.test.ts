import { expect, test } from 'vitest'
import { countPosting, posting, postingBound } from '../../bench/lines.ts'

test('600 lines in 60 agreements are posted in 661 requests: the bound, and again without a write', async () => {
  const { requests, writes, created, again } = await countPosting()
  expect(postingBound).toBe(661)
  expect(requests).toBe(661)
  expect([writes, created]).toEqual([posting.lines, posting.lines])
  expect(again).toBe(0)
})

import { expect, test } from './test.ts'

test('A technician sees the Company pod without a word of sign-in', async ({ manage }) => {
  await manage.logIn('ttech')
  await manage.open('/companies/250')
  const pod = await manage.frame('pod')
  await expect(pod.getByRole('heading', { level: 1 })).toHaveText('Contoso Ltd')
  const asked = await manage.log('in')
  expect(asked[0]).toEqual({ message: 'ready' })
  expect(asked.filter(({ hosted_request }) => hosted_request).map(({ hosted_request }) => hosted_request)).toEqual([
    'getMemberAuthentication',
  ])
  expect(asked.slice(1).every(({ frameID }) => typeof frameID === 'string')).toBe(true)
})

import { expect, test } from './test.ts'

test('what somebody changed in ConnectWise is a choice where it was pushed, and keeps their value (V4, 4.11)', async ({
  page,
  manage,
}) => {
  await manage.logIn('jsmith')
  await manage.open('/agreements/82')
  const row = page.getByRole('row', { name: /^Security awareness per user/ })
  const quantity = row.locator('input').first()
  const held = Number(await quantity.inputValue())
  await quantity.fill(String(held + 7))
  await page.getByRole('button', { name: 'Save' }).click()

  await manage.logIn('ffin')
  await manage.open('/agreements/82')
  const pod = await manage.frame('pod')
  await pod.getByRole('button', { name: 'Push now' }).click()
  await expect(pod.getByRole('table')).toContainText('Conflict')
  await pod.getByRole('button', { name: `Keep theirs: ${held + 7}` }).click()
  await expect(pod.getByRole('table')).toContainText(`ConnectWise keeps quantity ${held + 7}`)
  await expect(quantity).toHaveValue(String(held + 7))
})

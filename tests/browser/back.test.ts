import { openPlace, pods } from './screens.ts'
import { expect, test } from './test.ts'

for (const place of pods.slice(1, 3))
  test(`From ${place.name} one goes to an agreement and to the mapping, and back`, async ({ manage }) => {
    const frame = await openPlace(manage, place)
    await frame.getByRole('button', { name: 'All additions' }).first().click()
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Managed Services')
    await frame.getByRole('button', { name: 'Back to the company' }).click()
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Contoso Ltd')
    await frame.getByRole('button', { name: 'Map', exact: true }).click()
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Mapping')
    await frame.getByRole('button', { name: 'Back' }).click()
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Contoso Ltd')
  })

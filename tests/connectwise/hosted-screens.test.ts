import { describe, expect, it } from 'vitest'
import { registerScreens } from '#sync/settings/hosted.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { startApp } from '../start.ts'
import { openMemory } from '../stores.ts'

const given = async () => {
  const app = await startApp(openMemory, { env: { PUBLIC_URL: 'https://trueup.example' } })
  return {
    app,
    register: () => app.clock.run(registerScreens(app.deps, app.scope)),
    setups: () => app.world.hostedSetups.rows() as unknown as Record<string, unknown>[],
  }
}

describe('registering tabs and pods (FEATURES 8.1)', () => {
  it('adds each of ours once, at the screens this instance has', async () => {
    const { app, register, setups } = await given()
    const { rows, notOffered, doubled } = await register()
    expect(rows.map(({ screen, type, state }) => `${screen} ${type} ${state}`)).toEqual([
      'Company Pod added',
      'Company Tab added',
      'Agreement Pod added',
      'Agreement Tab added',
      'Today Tab added',
    ])
    expect({ notOffered, doubled }).toEqual({ notOffered: [], doubled: [] })
    const company = app.world.hostedScreens.rows().find(({ screenId }) => screenId === 'CompanyDetail')
    expect(setups()[0]).toMatchObject({
      screenId: company?.id,
      type: 'Pod',
      podHeight: 320,
      origin: 'https://trueup.example',
      url: 'https://trueup.example/company?tenant=acme&as=pod&screen=[cw_screen]&id=[cw_id]',
    })
    await app.close()
  })

  it('doubles nothing when asked again, and touches nothing of others', async () => {
    const { app, register, setups } = await given()
    const others = app.world.hostedSetups
    const stamp = { lastUpdated: '', updatedBy: 'jsmith' }
    const foreign = {
      id: others.nextId(),
      screenId: 1,
      description: 'Other',
      url: 'https://o.example/company',
      type: 'Pod',
    }
    others.set(foreign.id, { ...foreign, _info: stamp })
    await register()
    const before = JSON.stringify(setups())
    const { rows } = await register()
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['known']))
    expect(JSON.stringify(setups())).toBe(before)
    expect(setups()).toHaveLength(6)
    await app.close()
  })

  it('changes ours back when it differs, leaves its caption, and names a second one', async () => {
    const { app, register, setups } = await given()
    await register()
    const [pod] = setups()
    Object.assign(pod ?? {}, { podHeight: 100, description: 'Seats' })
    const second = app.world.hostedSetups.nextId()
    app.world.hostedSetups.set(second, { ...(pod as { _info: never }), id: second })
    const { rows, doubled } = await register()
    expect(rows[0]?.state).toBe('changed')
    expect(setups()[0]).toMatchObject({ podHeight: 320, description: 'Seats' })
    expect(doubled).toEqual([second])
    await app.close()
  })

  it('says which screen is not offered', async () => {
    const { app, register } = await given()
    const agreement = app.world.hostedScreens.rows().find(({ screenId }) => screenId === 'AgreementDetail')
    app.world.hostedScreens.delete(agreement?.id ?? 0)
    const { rows, notOffered } = await register()
    expect(notOffered).toEqual(['Agreement'])
    expect(rows).toHaveLength(3)
    await app.close()
  })

  it('without the right gives the rows to type by hand', async () => {
    const { app, register, setups } = await given()
    setLevel(app.world, 'TrueUp', 'System > Table Setup', 'add', 'None')
    const { rows } = await register()
    expect(rows.map(({ state }) => state)).toEqual(Array(5).fill('byHand'))
    expect(setups()).toEqual([])
    await app.close()
  })
})

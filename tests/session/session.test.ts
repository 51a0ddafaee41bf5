import { expect, it } from 'vitest'
import { findViewer } from '#session/find-viewer.ts'
import { listReadable, maySeeMoney } from '#session/rights.ts'
import { givenContoso } from '../given.ts'
import { addStaff } from '../sandbox/manage/world.ts'
import { eachStore } from '../stores.ts'
import { signIn } from './signed-in.ts'

eachStore((open) => {
  it('a member of ConnectWise signs in with one call there and is told what they may read', async () => {
    const app = await givenContoso(open, 12)
    addStaff(app.world)
    const before = app.manage.requests.length
    const fay = await signIn(app, { member: 'ffin', role: 'finance' })
    expect(app.manage.requests.length - before).toBe(1)
    const viewer = await findViewer(app.deps, `Bearer ${fay.token}`)
    expect(viewer).toMatchObject({ member: 'ffin', name: 'Fay Finch', role: 'finance' })
    if (!viewer) return
    expect(await app.clock.run(listReadable(app.deps, viewer, 'agreement', [87, 88]))).toEqual(new Set([87]))
    expect(await app.clock.run(maySeeMoney(app.deps, viewer, 87))).toBe(true)
    const tom = await signIn(app, { member: 'ttech' })
    const technician = await findViewer(app.deps, `Bearer ${tom.token}`)
    expect(technician).toMatchObject({ role: 'technician' })
    if (!technician) return
    expect(await app.clock.run(listReadable(app.deps, technician, 'agreement', [87]))).toEqual(new Set())
    expect(await app.clock.run(listReadable(app.deps, technician, 'company', [250]))).toEqual(new Set([250]))
  })
})

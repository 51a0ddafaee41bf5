import { describe, expect, it } from 'vitest'
import { createHost, type HostedFrame, type Note } from './page/host.ts'

const trueup = 'http://127.0.0.1:4600'
const pod: HostedFrame = { id: 1, title: 'TrueUp pod', hostedAs: 'pod', origin: trueup }
const tab: HostedFrame = { id: 2, title: 'TrueUp tab', hostedAs: 'tab', origin: trueup }
const authentication = { companyid: 'acme', memberid: 'ffin', memberHash: 'h', memberContext: 'web' }

/** A host on company 250, what it posted to each frame, what it ignored and what it did. */
function givenHost(switches = { events: true, answers: true }) {
  const posted = new Map<number, ReturnType<typeof JSON.parse>[]>()
  const notes: Note[] = []
  const done: unknown[] = []
  let serial = 0
  const host = createHost(switches, {
    post: (frame, text) => posted.set(frame.id, [...(posted.get(frame.id) ?? []), JSON.parse(text)]),
    record: () => ({ screen: 'company', id: 250 }),
    authentication: async () => authentication,
    refreshScreen: () => done.push('refreshed'),
    openScreen: (...args) => done.push(args),
    note: (note) => notes.push(note),
    changed: () => undefined,
    newId: () => `n${++serial}`,
  })
  const say = (frame: HostedFrame, message: object, origin = trueup) =>
    host.receive(frame, origin, JSON.stringify(message))
  /** Says ready and answers the frame id. */
  const begin = (frame: HostedFrame): string => {
    say(frame, { message: 'ready' })
    return posted.get(frame.id)?.findLast((one) => one.MessageFrameID)?.MessageFrameID
  }
  const last = (frame: HostedFrame) => posted.get(frame.id)?.at(-1)
  const ignored = () => notes.flatMap((note) => note.ignored ?? [])
  return { host, posted, notes, done, say, begin, last, ignored }
}

describe('the host', () => {
  it('gives each frame that is ready an id of its own and tells it the record, the pod as a text', () => {
    const { begin, last } = givenHost()
    expect(begin(pod)).not.toBe(begin(tab))
    expect(last(pod)).toMatchObject({
      event: 'onLoad',
      data: { screenObject: { screen: 'company', id: '250', hostedAs: 'pod' } },
    })
    expect(last(tab).data.screenObject).toEqual({ screen: 'company', id: 250, hostedAs: 'tab' })
  })

  it('says who is logged in, under a lower-case name', async () => {
    const { begin, say, posted } = givenHost()
    const frameID = begin(pod)
    say(pod, { hosted_request: 'getMemberAuthentication', frameID })
    await Promise.resolve()
    const response = { response: 'getmemberauthentication', data: authentication }
    expect(posted.get(1)).toContainEqual({ ...response, _id: expect.any(String) })
    say(tab, { hosted_request: 'getMemberAuthentication', frameID: begin(tab) })
    await Promise.resolve()
    expect(posted.get(2)).toContainEqual(response)
  })

  it.each<[string, (frameID: string) => unknown, string]>([
    ['request', (frameID) => ({ request: 'getMemberAuthentication', frameID }), 'neither'],
    ['no frameID', () => ({ hosted_request: 'refreshScreen' }), 'frameID'],
    ['the frameID of another', () => ({ hosted_request: 'refreshScreen', frameID: 'n1' }), 'frameID'],
    ['an unknown request', (frameID) => ({ hosted_request: 'getmemberauthentication', frameID }), 'no such request'],
    ['a ticket without a number', (frameID) => open(frameID, 'ticket', '7'), 'whole number'],
    ['an agreement to open', (frameID) => open(frameID, 'agreement', 80), 'only a ticket or a company'],
    [
      'an answer nobody asked',
      (frameID) => ({ event: 'onLoad', _id: 'x', result: 'success', frameID }),
      'no such event',
    ],
  ])('ignores %s', (_, message, reason) => {
    const { begin, host, done, posted, ignored } = givenHost()
    begin(tab)
    const frameID = begin(pod)
    const before = posted.get(1)?.length
    host.receive(pod, trueup, JSON.stringify(message(frameID)))
    expect(ignored()).toEqual([expect.stringContaining(reason)])
    expect([done, posted.get(1)?.length]).toEqual([[], before])
  })

  it('ignores an object that is no string, text that is no JSON, and any other origin', () => {
    const { host, say, ignored } = givenHost()
    host.receive(pod, trueup, { message: 'ready' })
    host.receive(pod, trueup, '{')
    say(pod, { message: 'ready' }, 'http://127.0.0.1:4602')
    expect(ignored()).toHaveLength(3)
  })

  it('waits for the answer to every event, and fires again when the record changes', () => {
    const { host, begin, say, last } = givenHost()
    const frameID = begin(pod)
    expect(host.unanswered()).toEqual([{ frame: pod, event: 'onLoad' }])
    say(pod, { event: 'onLoad', _id: last(pod)._id, result: 'success', frameID })
    expect(host.unanswered()).toEqual([])
    expect(host.load()).toEqual([pod])
    expect(host.unanswered()).toHaveLength(1)
  })

  it('asks pods alone before a save, and waits until all have answered', async () => {
    const { host, begin, say, last } = givenHost()
    begin(tab)
    const frameID = begin(pod)
    let errors: string[] | undefined
    const asked = host.beforeSave().then((found) => {
      errors = found
    })
    expect(last(tab).event).toBe('onLoad')
    await Promise.resolve()
    expect(errors).toBeUndefined()
    say(pod, { event: 'beforeSave', _id: last(pod)._id, result: 'failure', errors: ['Not yet.'], frameID })
    await asked
    expect(errors).toEqual(['Not yet.'])
  })

  it('refreshes for a pod and not for a tab, opens companies, and knows who is dirty', () => {
    const { host, begin, say, done, ignored } = givenHost()
    const frameID = begin(pod)
    say(pod, { hosted_request: 'refreshScreen', frameID })
    say(pod, open(frameID, 'company', 251))
    say(tab, { hosted_request: 'refreshScreen', frameID: begin(tab) })
    expect(done).toEqual(['refreshed', ['company', 251, false]])
    expect(ignored()).toEqual(['only a pod may refresh the screen'])
    say(pod, { hosted_request: 'setDirty', args: { dirty: true }, frameID })
    expect(host.dirty()).toEqual([pod])
    say(pod, { hosted_request: 'setDirty', args: { dirty: false }, frameID })
    expect(host.dirty()).toEqual([])
  })

  it('without events still answers, and saves without asking', async () => {
    const { host, begin, say, posted } = givenHost({ events: false, answers: true })
    say(pod, { hosted_request: 'getMemberAuthentication', frameID: begin(pod) })
    expect([host.load(), await host.beforeSave()]).toEqual([[], []])
    expect(posted.get(1)?.some((message) => 'event' in message)).toBe(false)
    expect(posted.get(1)?.at(-1)).toMatchObject({ response: 'getmemberauthentication' })
  })

  it('answers nothing at all when a frame is to know its address only', () => {
    const { say, posted, ignored } = givenHost({ events: true, answers: false })
    say(pod, { message: 'ready' })
    expect([posted.size, ignored()]).toEqual([0, ['this host answers nothing']])
  })
})

const open = (frameID: string, screen: string, id: unknown) => ({
  hosted_request: 'openScreen',
  args: { newTab: false, screen, id },
  frameID,
})

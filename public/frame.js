// The frame's side of ConnectWise's Hosted API. Only the host's own origin is told and heard; tokens stay in here.
const { dataset } = document.body
const { tenant, host } = dataset

let frameID
let session
let until
let renewal
let hear

const on = (name, heard) => addEventListener(name, ({ detail }) => heard(detail))
const tell = (name, detail) => dispatchEvent(new CustomEvent(`frame:${name}`, { detail }))
const say = (message) => parent.postMessage(JSON.stringify({ ...message, frameID }), host)
const ask = (hosted_request, args) => say({ hosted_request, args })
const who = 'getMemberAuthentication'

/** Tells the page that there is a session, or why there is none. */
function start(anew) {
  renew(anew).then(
    () => tell('session'),
    (reason) => tell('lost', reason),
  )
}

/** Hosts differ in the case of names. */
function read(text) {
  try {
    if (text.length <= 16384) return Object(JSON.parse(text.replace(/"\w+"\s*:/g, (name) => name.toLowerCase())))
  } catch {}
  return {}
}

/** Whether a message of the host is one we know. */
function take({ messageframeid, frameid = frameID, event, _id, response, data, args }) {
  if (typeof messageframeid === 'string') {
    dataset.framed = frameID = messageframeid
    if (hear) ask(who)
  } else if (!frameID || frameid !== frameID) return false
  else if (event?.match?.(/^[a-z]+$/i)) {
    say({ event, _id, result: 'success' })
    const said = Object(data ?? args)
    if (/^onload$/i.test(event)) tell('record', said.screenobject ?? said)
  } else {
    const { companyid, memberid, memberhash: memberHash, membercontext: memberContext } = Object(data)
    const member = { companyid, memberid, memberHash, memberContext }
    const isMember = RegExp(who, 'i').test(response) && hear
    if (!isMember || Object.values(member).some((value) => typeof value !== 'string')) return false
    hear(member)
    hear = undefined
  }
  return true
}

/** Who looks, as ConnectWise tells it. */
const authenticate = () =>
  new Promise((resolve, reject) => {
    if (parent === window) return reject('outside')
    hear = resolve
    setTimeout(reject, 10000, 'silent')
    if (frameID) ask(who)
    else say({ message: 'ready' })
  })

async function post(path, sent) {
  const headers = { 'Content-Type': 'application/json' }
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(sent) })
  const given = await answer.json()
  if (!answer.ok) throw given.problems[0].message
  session = given
  until = Date.now() + given.expiresIn * 1000
}

async function open(anew) {
  try {
    if (!anew && session) return await post('/session/renewal', { refresh: session.refresh })
  } catch {}
  await post('/session', { tenant, ...(await authenticate()) })
}

/** One renewal at a time, whoever asks. */
const renew = (anew) =>
  (renewal ??= open(anew).finally(() => {
    renewal = undefined
  }))

/** `fetch` as the member: renews what is about to end, and once what was refused. */
async function authorised(url, request, anew) {
  if (anew || !(until - Date.now() > 15000)) await renew(anew).catch(giveUp)
  const headers = { ...request.headers, Authorization: `Bearer ${session.token}` }
  const answer = await fetch(url, { ...request, headers })
  if (answer.status !== 401) return answer
  return anew ? giveUp('refused') : authorised(url, request, true)
}

/** htmx is silent about what was aborted: the page says it. */
function giveUp(reason) {
  tell('lost', reason)
  throw new DOMException('', 'AbortError')
}

if (host) {
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || origin !== host || !take(read(data))) dataset.ignored = -~dataset.ignored
  })
  on('htmx:config:request', ({ ctx }) => {
    ctx.fetch = authorised
  })
  on('frame:ask', ([name, args]) => ask(name, args))
  on('frame:again', start)
  start()
}

import { findTenant } from '#db/tenants.ts'
import type { Ask } from '#routes/route.ts'
import { page } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { frameAncestors } from '#session/frame-ancestors.ts'
import { Shell, type ShellScreen } from '#views/session/shell.tsx'

/** `GET /company|/agreement|/hub?tenant=…&as=pod|tab&screen=[cw_screen]&id=[cw_id]`: the same for everybody. */
export const getShell = (deps: Deps, screen: ShellScreen) => async (c: Ask) => {
  const slug = c.req.query('tenant')
  const tenant = slug === undefined ? undefined : await findTenant(deps.db, slug)
  if (!tenant)
    throw new Problem('not_found', 'There is no ConnectWise of this name here. Check the tab or pod’s address.')
  c.set('frameAncestors', await frameAncestors(deps, tenant.id))
  c.header('Cache-Control', 'no-store')
  const kind = c.req.query('as') === 'pod' ? 'pod' : 'tab'
  return page(c, Shell, { screen, kind, tenant: tenant.id, host: tenant.site, ...firstOf(screen, c) })
}

/** The path to read first: one of ours that was asked for, else the record’s. */
function firstOf(screen: ShellScreen, c: Ask): { at: string } | { problem: string } {
  const wanted = c.req.query('at')
  if (wanted !== undefined && ourPath.test(wanted)) return { at: wanted }
  if (screen === 'hub') return { at: '/dashboard' }
  const [id = '', shown = ''] = [c.req.query('id'), c.req.query('screen')]
  if (otherScreens.includes(shown.toLowerCase()))
    return { problem: `This belongs on the ${names[screen]} screen of ConnectWise, not on this one.` }
  if (recordId.test(id)) return { at: `${folders[screen]}/${Number(id)}` }
  return { problem: problemOf(screen, id) }
}

function problemOf(screen: 'company' | 'agreement', id: string): string {
  const name = names[screen].toLowerCase()
  if (id === '' || id === '0') return `Nothing is open here yet. Save the ${name} first, then refresh the screen.`
  if (/^\[cw_id\]$/i.test(id))
    return `ConnectWise did not say which ${name} this is: it left [cw_id] in the address. An administrator checks this tab or pod under Setup Tables, Manage Hosted API.`
  return `The id in the address is not the number of a record, so no ${name} can be shown.`
}

const names = { company: 'Company', agreement: 'Agreement' }
const folders = { company: '/companies', agreement: '/agreements' }
const recordId = /^[1-9]\d{0,9}$/
/** Screens that carry other records: their ids are not ours. */
const otherScreens = ['ticket', 'serviceticket', 'projectticket', 'contact', 'salesorder']
const ourPath = /^\/(companies|agreements|dashboard|mappings|plans|runs|logs|help|settings|setup)(\/[\w-]{1,80}){0,4}$/

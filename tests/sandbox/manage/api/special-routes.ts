import type { Hono } from 'hono'
import { instantText } from '../calendar.ts'
import { invoice, invoiceProblem, removeInvoice } from '../invoicing.ts'
import { answerOf } from '../nouns/fields.ts'
import { memberInfos } from '../nouns/system.ts'
import { type Env, permit } from './call.ts'
import { attach, download, replaceFile } from './documents.ts'
import { badRequest, notFound } from './refusal.ts'

/** What is not a list of records. */
export function specialRoutes(api: Hono<Env>): void {
  api.get('/system/info', (call) =>
    call.json({
      version: 'v2025.8.92110',
      isCloud: true,
      serverTimeZone: call.var.write.world.zone,
      cloudRegion: 'NA',
      licenseBits: [],
    }),
  )
  api.get('/system/mymembers/info', (call) => {
    const { securityRole, ...member } = call.var.member
    return call.json({ ...answerOf(memberInfos.fields, member, call.var.write), ssoSessionFlag: false })
  })
  api.post('/finance/agreements/:id{[0-9]+}/invoice', (call) => {
    permit(call, 'Finance > Agreement Invoicing', 'add')
    const { world, at, by } = call.var.write
    const agreement = world.agreements.get(Number(call.req.param('id')))
    if (!agreement) throw notFound('agreement', call.req.param('id'))
    const refusal = invoiceProblem(agreement, call.var.write.today)
    if (refusal !== undefined) throw badRequest(refusal)
    return call.json(invoice(world, agreement, instantText(at), by).id, 201)
  })
  api.delete('/finance/invoices/:id{[0-9]+}', (call) => {
    permit(call, 'Finance > Agreement Invoicing', 'add')
    const { world } = call.var.write
    const made = world.invoices.get(Number(call.req.param('id')))
    if (!made) throw notFound('invoice', call.req.param('id'))
    const later = world.invoices
      .rows()
      .some(({ agreementId, from }) => agreementId === made.agreementId && from > made.from)
    if (later) throw badRequest('A later invoice of the agreement exists.')
    removeInvoice(world, made)
    return call.body(null, 204)
  })
  api.post('/system/documents', async (call) => {
    permit(call, 'Companies > Manage Attachments', 'add')
    return call.json(await attach(call.req.raw, call.var.write), 201)
  })
  api.post('/system/documents/:id{[0-9]+}', async (call) => {
    permit(call, 'Companies > Manage Attachments', 'edit')
    const document = call.var.write.world.documents.get(Number(call.req.param('id')))
    if (!document) throw notFound('document', call.req.param('id'))
    return call.json(await replaceFile(call.req.raw, document, call.var.write))
  })
  api.get('/system/documents/:id{[0-9]+}/download', (call) => {
    permit(call, 'Companies > Manage Attachments', 'inquire')
    const { world } = call.var.write
    const document = world.documents.get(Number(call.req.param('id')))
    if (!document) throw notFound('document', call.req.param('id'))
    return download(world, document)
  })
}

import type { Context, Hono } from 'hono'
import { download } from '../manage/api/documents.ts'
import { AgreementOverview } from './agreement.tsx'
import { Finder, matches, pageOf, searchOf } from './lists.tsx'
import { AgreementTable, noAgreements } from './parts.tsx'
import { saveAdditions } from './saving.ts'
import type { Screens } from './screens.tsx'

const module = 'Finance > Agreements'

/** The list of agreements, and one agreement with its grid of additions, whose quantities can be edited. */
export function agreementScreens(app: Hono, screens: Screens): void {
  const { world } = screens

  const show = (call: Context, problems: readonly string[] = []) => {
    const agreement = world.agreements.get(Number(call.req.param('id')))
    if (!agreement) return screens.missing(call)
    const maySee = screens.may(call, module, 'inquire')
    return screens.hosting(call, {
      screen: 'agreement',
      id: agreement.id,
      heading: maySee ? agreement.name : `Agreement ${agreement.id}`,
      ids: world.agreements.rows().map(({ id }) => id),
      children: maySee ? (
        <AgreementOverview
          world={world}
          agreement={agreement}
          here={screens.here(call)}
          mayEdit={screens.may(call, module, 'edit')}
          problems={problems}
          today={screens.today()}
        />
      ) : (
        <p>
          {noAgreements} ConnectWise would not open this screen for you; what is registered is framed all the same, to
          show what it answers.
        </p>
      ),
    })
  }

  app.get('/agreements', (call) => {
    if (!screens.may(call, module, 'inquire')) return screens.plain(call, 'Agreements', <p>{noAgreements}</p>)
    const search = searchOf(call)
    const companyOf = ({ company }: { company: { id: number } }) => world.companies.get(company.id)?.name ?? ''
    const found = world.agreements.rows().filter((one) => matches(search, one.id, one.name, companyOf(one)))
    return screens.plain(
      call,
      'Agreements',
      <>
        <Finder search={search} found={found.length} what="agreements" />
        <AgreementTable world={world} agreements={pageOf(found, search)} today={screens.today()} withCompany />
      </>,
    )
  })
  app.get('/agreements/:id{[0-9]+}', (call) => show(call))
  app.get('/documents/:id{[0-9]+}', (call) => {
    const document = world.documents.get(Number(call.req.param('id')))
    if (!document || !screens.may(call, 'Companies > Manage Attachments', 'inquire')) return screens.missing(call)
    return download(world, document)
  })
  app.post('/agreements/:id{[0-9]+}', async (call) => {
    if (!screens.may(call, module, 'edit')) return show(call, ['You may not edit agreements.'])
    const problems = saveAdditions(Number(call.req.param('id')), await call.req.formData(), screens.write(call))
    return problems.length > 0 ? show(call, problems) : call.redirect(screens.here(call), 303)
  })
}

import type { Context, Hono } from 'hono'
import { CompanyOverview } from './company.tsx'
import { CompanyTable, Finder, matches, pageOf, searchOf } from './lists.tsx'
import { saveCompany } from './saving.ts'
import type { Screens } from './screens.tsx'

const module = 'Companies > Company Maintenance'

/** The list of companies, and one company, whose phone number can be edited. */
export function companyScreens(app: Hono, screens: Screens): void {
  const { world } = screens
  const live = () => world.companies.rows().filter(({ deletedFlag }) => !deletedFlag)

  const show = (call: Context, problems: readonly string[] = []) => {
    const company = live().find(({ id }) => id === Number(call.req.param('id')))
    if (!company) return screens.missing(call)
    const agreements = world.agreements.rows().filter((one) => one.company.id === company.id)
    return screens.hosting(call, {
      screen: 'company',
      id: company.id,
      heading: company.name,
      ids: live().map(({ id }) => id),
      children: (
        <CompanyOverview
          world={world}
          company={company}
          here={screens.here(call)}
          mayEdit={screens.may(call, module, 'edit')}
          agreements={screens.may(call, 'Finance > Agreements', 'inquire') ? agreements : undefined}
          problems={problems}
          today={screens.today()}
        />
      ),
    })
  }

  app.get('/companies', (call) => {
    const search = searchOf(call)
    const found = live().filter(({ id, name, identifier }) => matches(search, id, name, identifier))
    return screens.plain(
      call,
      'Companies',
      <>
        <Finder search={search} found={found.length} what="companies" />
        <CompanyTable world={world} companies={pageOf(found, search)} />
      </>,
    )
  })
  app.get('/companies/:id{[0-9]+}', (call) => show(call))
  app.post('/companies/:id{[0-9]+}', async (call) => {
    if (!screens.may(call, module, 'edit')) return show(call, ['You may not edit companies.'])
    const problems = saveCompany(Number(call.req.param('id')), await call.req.formData(), screens.write(call))
    return problems.length > 0 ? show(call, problems) : call.redirect(screens.here(call), 303)
  })
}

import { Hono, type MiddlewareHandler } from 'hono'
import { getLivez, getReadyz } from '#routes/api/health.ts'
import { getMetrics } from '#routes/api/metrics.ts'
import { getDocument } from '#routes/api/public-document.ts'
import { postSnapshot } from '#routes/api/snapshots.ts'
import { getStatus } from '#routes/api/status.ts'
import { getAgreementCreation, postAgreementChecks, postAgreementCreation } from '#routes/creations/agreement.ts'
import { getCompanyCreation, postCompanyChecks, postCompanyCreation } from '#routes/creations/company.ts'
import { getProductCreation, postProductChecks, postProductCreation } from '#routes/creations/product.ts'
import { getDashboard } from '#routes/hub/dashboard.ts'
import { getHelp } from '#routes/hub/help.ts'
import { getLogEntries, getLogs } from '#routes/hub/logs.ts'
import { lineRoutes } from '#routes/lines/routes.ts'
import { postBulk, postReview, postSuggestions } from '#routes/mapping/bulk.ts'
import { getMapping, postMappingRemoval } from '#routes/mapping/detail.ts'
import { getAccountRow, getAccounts, getMappings, postListing } from '#routes/mapping/mappings.ts'
import { getCompanyOptions, getProductOptions } from '#routes/mapping/pickers.ts'
import {
  postAgreementPick,
  postCompanyPick,
  postInclude,
  postRemoval,
  postTargetPick,
  postUndo,
} from '#routes/mapping/picks.ts'
import { getAdditionOptions, getAgreementOptions } from '#routes/mapping/place-pickers.ts'
import { getProducts, postProduct } from '#routes/mapping/products.ts'
import { postRule, postSplit, postTrial } from '#routes/mapping/rule.ts'
import { postChoice } from '#routes/plans/choices.ts'
import { postDryRun } from '#routes/plans/dry-runs.ts'
import { getPlans } from '#routes/plans/list.ts'
import { getPlan, getPlanRows, postApproval, postDismissal } from '#routes/plans/plans.ts'
import { getRun, getRunProgress, getRuns, postRun } from '#routes/plans/runs.ts'
import { getAddition } from '#routes/pods/additions.ts'
import { getAgreement, getUnmapped, postAgreementReading } from '#routes/pods/agreements.ts'
import { getCompany, postCompanyReading } from '#routes/pods/companies.ts'
import { getPeople, getPeopleCsv } from '#routes/pods/people.ts'
import type { Asked, Route } from '#routes/route.ts'
import {
  deleteOperatorSession,
  getOperator,
  getTenant,
  postAdmin,
  postOperatorSession,
  postOperatorTest,
  postTenant,
  postTenantScreens,
} from '#routes/session/operator.ts'
import { deleteSession, endSession, postRenewal, postSession } from '#routes/session/session.ts'
import { getShell } from '#routes/session/shells.ts'
import { getApprovals, postApprovals, postKillSwitch } from '#routes/settings/approvals.ts'
import {
  getAuthentication,
  getRights,
  postAuthentication,
  postAuthenticationTest,
  postDisconnection,
  postScreens,
} from '#routes/settings/authentication.ts'
import { getAgreementTypes, getConfiguration, postConfiguration } from '#routes/settings/configuration.ts'
import { getNewRecords } from '#routes/settings/creation.ts'
import { getDictionary } from '#routes/settings/dictionary.ts'
import { getPlatform, postCollection, postPlatform, postPlatformTest } from '#routes/settings/platform.ts'
import { deleteRole, getRoles, postRole } from '#routes/settings/roles.ts'
import { getSchedule, getTimes, postIntegration, postSchedule } from '#routes/settings/schedule.ts'
import { getSetup, getStep, postFirstPlan } from '#routes/settings/setup.ts'
import { getSources, postSource, postSourceProduct, postSourceToken } from '#routes/settings/sources.ts'
import { guardChanges } from '#routes/state-change.ts'
import { getUpload, postUpload, postUploadPreview } from '#routes/uploads/uploads.ts'
import { SessionOver } from '#session/session-over.ts'
import platformContract from '#sources/platform.openapi.json' with { type: 'json' }
import { answerProblem, problem } from './answer.ts'
import type { Deps } from './deps.ts'
import { guardsOf, notWithThisMethod, requireToken } from './guards.ts'
import { letFrame, secure } from './headers.ts'
import { limitBody, snapshotPath } from './limit-body.ts'

/** Every address there is, and who may ask it. Whatever is not here needs a token and then is not found. */
export const routesOf = (deps: Deps): readonly Route[] => [
  ['GET', '/livez', 'anyone', getLivez],
  ['GET', '/readyz', 'anyone', getReadyz(deps)],
  ['GET', '/metrics', 'anyone', getMetrics(deps)],
  ['GET', '/', 'anyone', getStatus(deps)],
  ['GET', '/platform.openapi.json', 'anyone', getDocument(platformContract)],
  ['GET', '/company', 'anyone', getShell(deps, 'company')],
  ['GET', '/agreement', 'anyone', getShell(deps, 'agreement')],
  ['GET', '/hub', 'anyone', getShell(deps, 'hub')],
  ['POST', '/session', 'anyone', postSession(deps)],
  ['DELETE', '/session', 'anyone', deleteSession(deps)],
  ['POST', '/session/renewal', 'anyone', postRenewal(deps)],
  ['GET', '/companies/:id', 'technician', getCompany(deps)],
  ['POST', '/companies/:id/reading', 'technician', postCompanyReading(deps)],
  ['POST', '/mappings/:id/rule', 'finance', postRule(deps)],
  ['POST', '/mappings/:id/trials', 'finance', postTrial(deps)],
  ['POST', '/mappings/:id/splits', 'finance', postSplit(deps)],
  ['POST', '/mappings/:id/removal', 'finance', postMappingRemoval(deps)],
  ['GET', '/mappings/:id/people', 'technician', getPeople(deps)],
  ['GET', '/mappings/:id/people.csv', 'technician', getPeopleCsv(deps)],
  ['GET', '/mappings', 'technician', getMappings(deps)],
  ['GET', '/mappings/accounts', 'technician', getAccounts(deps)],
  ['GET', '/mappings/products', 'technician', getProducts()],
  ['POST', '/mappings/products', 'finance', postProduct(deps)],
  ['GET', '/mappings/row', 'finance', getAccountRow(deps)],
  ['POST', '/mappings/listing', 'finance', postListing(deps)],
  ['POST', '/mappings/reviews', 'finance', postReview(deps)],
  ['POST', '/mappings/bulk', 'finance', postBulk(deps)],
  ['POST', '/mappings/suggestions', 'finance', postSuggestions(deps)],
  ['POST', '/mappings/company', 'finance', postCompanyPick(deps)],
  ['POST', '/mappings/agreement', 'finance', postAgreementPick(deps)],
  ['POST', '/mappings/target', 'finance', postTargetPick(deps)],
  ['POST', '/mappings/include', 'finance', postInclude(deps)],
  ['POST', '/mappings/removal', 'finance', postRemoval(deps)],
  ['POST', '/mappings/undo', 'finance', postUndo(deps)],
  ['GET', '/mappings/:id', 'technician', getMapping(deps)],
  ['GET', '/pickers/companies', 'finance', getCompanyOptions(deps)],
  ['GET', '/pickers/agreements', 'finance', getAgreementOptions(deps)],
  ['GET', '/pickers/additions', 'finance', getAdditionOptions(deps)],
  ['GET', '/pickers/products', 'finance', getProductOptions(deps)],
  ...creationRoutes(deps),
  ['GET', '/agreements/:id', 'technician', getAgreement(deps)],
  ['POST', '/agreements/:id/reading', 'technician', postAgreementReading(deps)],
  ['GET', '/agreements/:id/additions', 'technician', getUnmapped(deps)],
  ['GET', '/agreements/:id/additions/:addition', 'technician', getAddition(deps)],
  ['GET', '/dashboard', 'technician', getDashboard(deps)],
  ['GET', '/logs', 'technician', getLogs(deps)],
  ['GET', '/logs/entries', 'technician', getLogEntries(deps)],
  ['GET', '/help', 'technician', getHelp(deps)],
  ...sourceRoutes(deps),
  ...planRoutes(deps),
  ...operatorRoutes(deps),
  ...adminRoutes(deps),
]

/** What is missing in ConnectWise and is made with the next approved plan (FEATURES M5). */
const creationRoutes = (deps: Deps): readonly Route[] => [
  ['GET', '/creations/company', 'finance', getCompanyCreation(deps)],
  ['POST', '/creations/company', 'finance', postCompanyCreation(deps)],
  ['POST', '/creations/company/checks', 'finance', postCompanyChecks(deps)],
  ['GET', '/creations/agreement', 'finance', getAgreementCreation(deps)],
  ['POST', '/creations/agreement', 'finance', postAgreementCreation(deps)],
  ['POST', '/creations/agreement/checks', 'finance', postAgreementChecks(deps)],
  ['GET', '/creations/product', 'finance', getProductCreation(deps)],
  ['POST', '/creations/product', 'finance', postProductCreation(deps)],
  ['POST', '/creations/product/checks', 'finance', postProductChecks(deps)],
]

/** What sources say: pushed by a platform, or uploaded by a member. */
const sourceRoutes = (deps: Deps): readonly Route[] => [
  ['POST', snapshotPath, 'source', postSnapshot(deps)],
  ['GET', '/sources/:id/upload', 'finance', getUpload(deps)],
  ['POST', '/sources/:id/preview', 'finance', postUploadPreview(deps)],
  ['POST', '/sources/:id/snapshots', 'finance', postUpload(deps)],
]

/** What is about to be written, and what was. */
const planRoutes = (deps: Deps): readonly Route[] => [
  ['POST', '/runs', 'finance', postRun(deps)],
  ['POST', '/dry-runs', 'technician', postDryRun(deps)],
  ['GET', '/runs', 'technician', getRuns()],
  ['GET', '/runs/:id', 'technician', getRun(deps)],
  ['GET', '/runs/:id/progress', 'technician', getRunProgress()],
  ['GET', '/plans', 'technician', getPlans(deps)],
  ['GET', '/plans/:id', 'technician', getPlan(deps)],
  ['GET', '/plans/:id/rows', 'technician', getPlanRows(deps)],
  ['POST', '/plans/:id/approval', 'finance', postApproval(deps)],
  ['POST', '/plans/:id/dismissal', 'finance', postDismissal(deps)],
  ['POST', '/plans/:id/rows/:seq/choice', 'finance', postChoice(deps)],
]

/** The operator's own pages, at the top level. */
const operatorRoutes = (deps: Deps): readonly Route[] => [
  ['GET', '/operator', 'anyone', getOperator(deps)],
  ['POST', '/operator/session', 'anyone', postOperatorSession(deps)],
  ['DELETE', '/operator/session', 'operator', deleteOperatorSession(deps)],
  ['POST', '/operator/tests', 'operator', postOperatorTest(deps)],
  ['POST', '/operator/tenants', 'operator', postTenant(deps)],
  ['GET', '/operator/tenants/:id', 'operator', getTenant(deps)],
  ['POST', '/operator/tenants/:id/admins', 'operator', postAdmin(deps)],
  ['POST', '/operator/tenants/:id/screens', 'operator', postTenantScreens(deps)],
]

/** Set-up and settings, inside ConnectWise (FEATURES K17). */
const adminRoutes = (deps: Deps): readonly Route[] => [
  ['GET', '/setup', 'admin', getSetup(deps)],
  ['GET', '/setup/:step', 'admin', getStep(deps)],
  ['POST', '/setup/plan', 'admin', postFirstPlan(deps)],
  ['GET', '/settings/authentication', 'admin', getAuthentication(deps)],
  ['POST', '/settings/authentication', 'admin', postAuthentication(deps)],
  ['POST', '/settings/authentication/tests', 'admin', postAuthenticationTest(deps)],
  ['GET', '/settings/authentication/rights', 'admin', getRights(deps)],
  ['POST', '/settings/screens', 'admin', postScreens(deps)],
  ['POST', '/settings/disconnection', 'admin', postDisconnection(deps)],
  ['GET', '/settings/configuration', 'admin', getConfiguration(deps)],
  ['POST', '/settings/configuration', 'admin', postConfiguration(deps)],
  ['GET', '/settings/agreement-types', 'admin', getAgreementTypes(deps)],
  ['GET', '/settings/new-records', 'admin', getNewRecords(deps)],
  ['GET', '/settings/sources', 'admin', getSources(deps)],
  ['POST', '/settings/sources', 'admin', postSource(deps)],
  ['POST', '/settings/sources/:id/product', 'admin', postSourceProduct(deps)],
  ['POST', '/settings/sources/:id/token', 'admin', postSourceToken(deps)],
  ['GET', '/settings/platform', 'admin', getPlatform(deps)],
  ['POST', '/settings/platform', 'admin', postPlatform(deps)],
  ['POST', '/settings/platform/tests', 'admin', postPlatformTest(deps)],
  ['GET', '/settings/sources/:id/platform', 'admin', getPlatform(deps)],
  ['POST', '/settings/sources/:id/platform', 'admin', postPlatform(deps)],
  ['POST', '/settings/sources/:id/tests', 'admin', postPlatformTest(deps)],
  ['POST', '/settings/sources/:id/collection', 'admin', postCollection(deps)],
  ['GET', '/settings/schedule', 'admin', getSchedule(deps)],
  ['POST', '/settings/schedule', 'admin', postSchedule(deps)],
  ['POST', '/settings/integration', 'admin', postIntegration(deps)],
  ['GET', '/settings/schedule/times', 'admin', getTimes(deps)],
  ['GET', '/settings/approvals', 'admin', getApprovals(deps)],
  ['POST', '/settings/approvals', 'admin', postApprovals(deps)],
  ['POST', '/settings/kill-switch', 'admin', postKillSwitch(deps)],
  ['GET', '/settings/roles', 'admin', getRoles(deps)],
  ['POST', '/settings/roles', 'admin', postRole(deps)],
  ['DELETE', '/settings/roles/:subject/:name', 'admin', deleteRole(deps)],
  ['GET', '/settings/dictionary', 'admin', getDictionary],
  ...lineRoutes(deps),
]

/** The whole product behind one `fetch`. `files` serves `public/`, where the runtime does not do so itself. */
export function createApp(deps: Deps, files?: MiddlewareHandler) {
  const app = new Hono<Asked>()
  app.onError((error, c) => (error instanceof SessionOver ? endSession(deps, c) : answerProblem(deps.log, error, c)))
  app.notFound((c) => problem(c, 404, 'There is nothing here.'))

  app.use(async (c, next) => {
    c.set('requestId', deps.id())
    c.set('release', deps.release ?? '')
    c.header('X-Request-Id', c.get('requestId'))
    return next()
  })
  app.use(letFrame)
  app.use(secure)
  if (files) app.get('*', files)
  app.use(limitBody)

  const guards = guardsOf(deps)
  const routes = routesOf(deps)
  const changes = guardChanges(deps)
  for (const [method, path, who, handle] of routes)
    if (method === 'GET' || who === 'source') app.on(method, path, guards[who], handle)
    else app.on(method, path, guards[who], changes, handle)
  for (const [, path, who] of routes) app.all(path, guards[who], notWithThisMethod(routes, path))
  app.all('*', requireToken(deps))
  return app
}

import { getAgreementLines, getCompanyLines, getLinesBehindCsv } from '#routes/pods/invoice-lines.ts'
import { reconciliationRoutes } from '#routes/reconciliation/routes.ts'
import type { Route } from '#routes/route.ts'
import { getLineRules, postLineRules, postRulesPreview } from '#routes/settings/lines.ts'
import type { Deps } from '#server/deps.ts'
import { postAppliedRules } from './apply-rules.ts'
import { postLineBulk, postLineReview } from './bulk.ts'
import { closedUntilTyped } from './closed.ts'
import { getCustomFields, postCustomFields } from './custom-fields.ts'
import { getLine, postCorrection, postLeave, postLine } from './edit.ts'
import { getLineRows, getLines } from './lines.ts'
import { getLoads, postLoad } from './loads.ts'

/** Every address of invoice lines and what belongs to them. */
export const lineRoutes = (deps: Deps): readonly Route[] => [
  ...closedUntilTyped(openRoutes(deps)),
  ...reconciliationRoutes(deps),
  ['GET', '/settings/lines', 'admin', getLineRules(deps)],
  ['POST', '/settings/lines', 'admin', postLineRules(deps)],
  ['POST', '/settings/lines/preview', 'admin', postRulesPreview(deps)],
  ['GET', '/settings/custom-fields', 'admin', getCustomFields(deps)],
  ['POST', '/settings/custom-fields', 'admin', postCustomFields(deps)],
]

/** What shows and does something of invoice lines. */
const openRoutes = (deps: Deps): readonly Route[] => [
  ['GET', '/lines', 'technician', getLines(deps)],
  ['GET', '/lines/rows', 'technician', getLineRows(deps)],
  ['POST', '/lines/reviews', 'finance', postLineReview(deps)],
  ['POST', '/lines/bulk', 'finance', postLineBulk(deps)],
  ['GET', '/companies/:id/lines', 'technician', getCompanyLines(deps)],
  ['GET', '/agreements/:id/lines', 'technician', getAgreementLines(deps)],
  ['GET', '/agreements/:id/additions/:addition/lines.csv', 'technician', getLinesBehindCsv(deps)],
  ['GET', '/lines/loads', 'technician', getLoads(deps)],
  ['POST', '/lines/loads', 'finance', postLoad(deps)],
  ['POST', '/lines/rules', 'finance', postAppliedRules(deps)],
  ['GET', '/lines/:id', 'technician', getLine(deps)],
  ['POST', '/lines/:id', 'finance', postLine(deps)],
  ['POST', '/lines/:id/correction', 'finance', postCorrection(deps)],
  ['POST', '/lines/:id/leave', 'finance', postLeave(deps)],
]

import type { Route } from '#routes/route.ts'
import type { Deps } from '#server/deps.ts'
import { getComparison, postComparisonReading, postWithdrawal } from './compare.ts'
import { getDuplicateCount, getDuplicates, postEndings } from './duplicates.ts'
import { getMove, postMove } from './moves.ts'
import { getLinesCsv, getReport } from './report.ts'

/** Invoice lines beside ConnectWise, and what is put right there. */
export const reconciliationRoutes = (deps: Deps): readonly Route[] => [
  ['GET', '/reconciliations/:id', 'technician', getComparison(deps)],
  ['POST', '/reconciliations/:id/reading', 'technician', postComparisonReading(deps)],
  ['GET', '/reconciliations/:id/report', 'technician', getReport(deps)],
  ['GET', '/reconciliations/:id/lines.csv', 'finance', getLinesCsv(deps)],
  ['GET', '/reconciliations/:id/moves/:addition', 'finance', getMove(deps)],
  ['POST', '/reconciliations/:id/moves/:addition', 'finance', postMove(deps)],
  ['POST', '/reconciliations/:id/withdrawals/:addition', 'finance', postWithdrawal(deps)],
  ['GET', '/duplicates', 'technician', getDuplicates(deps)],
  ['GET', '/duplicates/count', 'technician', getDuplicateCount(deps)],
  ['POST', '/duplicates', 'finance', postEndings(deps)],
]

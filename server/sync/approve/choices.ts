import type { Choice } from '#billing/choice.ts'
import type { ChoiceRow } from '#db/choices.ts'

/** A stored choice as the pure core sees it. */
export const toChoice = ({ tenantId: _, until, ...choice }: ChoiceRow): Choice => ({
  ...choice,
  ...(until === null ? {} : { until }),
})

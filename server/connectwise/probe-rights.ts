import type { Api } from './api.ts'
import { type Finding, nothingToDo } from './finding.ts'
import { type FoundRight, listRights } from './rights.ts'

/** Each right by a harmless call (K12). Writing shows only when something is written (U26). */
export const probeRights = async (api: Api): Promise<Finding[]> => [...(await listRights(api)).map(findingOf), writing]

function findingOf({ right, neededFor, optional, state, status, cause }: FoundRight): Finding {
  const probe = `right ${right}`
  const means = `Needed for ${neededFor}.`
  if (state === 'granted') return { probe, state: 'ok', result: 'granted', means, next: nothingToDo }
  if (optional)
    return {
      probe,
      state: 'ok',
      result: `not granted (${status})`,
      means: `Optional: only ${neededFor} needs it.`,
      next: nothingToDo,
    }
  if (state === 'missing')
    return {
      probe,
      state: 'attention',
      result: `not granted (${status})`,
      means,
      next: "Set it in the API member's security role under System › Security Roles.",
    }
  return { probe, state: 'unknown', result: `${status ?? 'no status'}: ${cause}`, means, next: 'Run doctor again.' }
}

const writing: Finding = {
  probe: 'right Finance › Agreements › Add, Edit All',
  state: 'ok',
  result: 'not proven',
  means: 'It shows with the first accepted write; a refusal pauses the tenant.',
  next: nothingToDo,
}

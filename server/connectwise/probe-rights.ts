import type { Answer } from './answer.ts'
import type { Api } from './api.ts'
import { type Finding, nothingToDo } from './finding.ts'
import { rights } from './rights.ts'

interface Tried {
  right: string
  path: string
  neededFor: string
  optional?: true
}

const neededFor: Record<(typeof rights)[number]['path'], string> = {
  '/finance/agreements': 'reading agreements and additions',
  '/company/companies': 'mapping accounts to companies',
  '/procurement/catalog': 'mapping to products',
}

const tried: readonly Tried[] = [
  ...rights.map(({ right, path }) => ({ right, path, neededFor: neededFor[path] })),
  {
    right: 'System › API Reports › Inquire All',
    path: '/system/reports',
    neededFor: 'reading all additions in a few requests',
    optional: true,
  },
]

/** Each right by a harmless call (K12). Writing shows only when something is written (U26). */
export async function probeRights(api: Api): Promise<Finding[]> {
  const found = await Promise.all(
    tried.map(async (right) =>
      findingOf(right, await api.read({ path: right.path, query: { pageSize: 1 }, mayBeAbsent: true })),
    ),
  )
  return [...found, writing]
}

function findingOf({ right, neededFor: feature, optional }: Tried, answer: Answer): Finding {
  const probe = `right ${right}`
  if (answer.kind === 'ok')
    return { probe, state: 'ok', result: 'granted', means: `Needed for ${feature}.`, next: nothingToDo }
  if (optional)
    return {
      probe,
      state: 'ok',
      result: `not granted (${answer.status})`,
      means: `Optional: ${feature} works without it, more slowly.`,
      next: nothingToDo,
    }
  if (answer.kind === 'forbidden')
    return {
      probe,
      state: 'attention',
      result: `not granted (${answer.status})`,
      means: `Needed for ${feature}.`,
      next: "Set it in the API member's security role under System › Security Roles.",
    }
  const said = 'message' in answer ? answer.message : 'it is too busy'
  return {
    probe,
    state: 'unknown',
    result: `${answer.status ?? 'no status'}: ${said}`,
    means: `Needed for ${feature}.`,
    next: 'Run doctor again.',
  }
}

const writing: Finding = {
  probe: 'right Finance › Agreements › Add, Edit All',
  state: 'ok',
  result: 'not proven',
  means: 'It shows with the first accepted write; a refusal pauses the tenant.',
  next: nothingToDo,
}

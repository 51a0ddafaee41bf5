import { Problem } from '#server/problem.ts'
import type { Connection } from './connection.ts'
import { readCompanyInfo } from './discovery.ts'
import type { Effects } from './effects.ts'

const checkEveryMs = 10 * 60_000

export interface Codebase {
  current(): string
  /** Asks ConnectWise where the API lives now, at most every ten minutes; an unreachable site changes nothing. */
  checkAgain(): Promise<void>
}

/** The part of the address that changes when ConnectWise is upgraded (FACTS 1): an unexpected 404 is its only sign. */
export function createCodebase(
  connection: Pick<Connection, 'site' | 'companyId' | 'codebase'>,
  effects: Effects,
  onRequest: () => void,
): Codebase {
  let codebase = connection.codebase
  let last: { at: number; done: Promise<void> } | undefined

  const check = async () => {
    try {
      codebase = (await readCompanyInfo(effects, connection.site, connection.companyId)).codebase
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    }
  }

  return {
    current: () => codebase,
    checkAgain() {
      if (!last || effects.now() - last.at > checkEveryMs) {
        onRequest()
        last = { at: effects.now(), done: check() }
      }
      return last.done
    },
  }
}

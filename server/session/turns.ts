import type { Deps } from '#server/deps.ts'

const pauseMs = 250
const longestMs = 15_000

/**
 * Lets so much work of one key go on at once. What comes then waits for a turn, and gets undefined when there is none
 * within 15 seconds. It looks again by itself, as no request of a Worker may wake another's.
 */
export function createTurns(most: number, { sleep }: Pick<Deps, 'sleep'>) {
  const going = new Map<string, number>()
  const isFull = (key: string) => (going.get(key) ?? 0) >= most
  const add = (key: string, n: number) => {
    const now = (going.get(key) ?? 0) + n
    if (now === 0) going.delete(key)
    else going.set(key, now)
  }
  return async <T>(key: string, work: () => Promise<T>): Promise<T | undefined> => {
    for (let waitedMs = 0; isFull(key); waitedMs += pauseMs) {
      if (waitedMs >= longestMs) return undefined
      await sleep(pauseMs)
    }
    add(key, 1)
    try {
      return await work()
    } finally {
      add(key, -1)
    }
  }
}

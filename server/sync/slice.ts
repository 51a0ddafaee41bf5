import type { Deps } from '#server/deps.ts'

/** A bounded piece of work: when it is told to stop it leaves the rest to the next one, which resumes from the database. */
export interface Slice {
  stopping(): boolean
}

/** Where a run stands after a slice: final, or to be continued at an instant (epoch milliseconds). */
export type Progress = { final: true } | { final: false; resumeAt: number }

/** How many calls to have under way: as many as the client will ever let out at once. */
export const widthOf = ({ config }: Pick<Deps, 'config'>): number => 2 * config.CONNECTWISE_CONCURRENCY

/**
 * Calls `work` for each value, at most `width` at once, and takes no further one once the slice is stopping or one has
 * failed. A failure is thrown when nothing is under way any more.
 */
export async function each<T>(
  values: readonly T[],
  width: number,
  slice: Slice,
  work: (value: T) => Promise<void>,
): Promise<void> {
  const queue = values.values()
  const failures: unknown[] = []
  const worker = async () => {
    for (const value of queue) {
      if (failures.length > 0 || slice.stopping()) return
      await work(value).catch((cause: unknown) => failures.push(cause))
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, values.length) }, worker))
  if (failures.length > 0) throw failures[0]
}

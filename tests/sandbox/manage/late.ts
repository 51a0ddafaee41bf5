/** Effects that land after their caller gave up. */
export function createLateEffects() {
  const underWay = new Set<Promise<unknown>>()
  return {
    add(effect: Promise<unknown>) {
      const landing: Promise<unknown> = effect.then(forget, forget)
      function forget() {
        underWay.delete(landing)
      }
      underWay.add(landing)
    },
    /** Resolves when every effect under way now has landed or failed. */
    settled: async () => {
      await Promise.all([...underWay])
    },
  }
}

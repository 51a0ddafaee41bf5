import { addAddition, addAgreement, addCompany, addProduct } from './build.ts'
import { emptyWorld, type World, type WorldOptions } from './tables.ts'

export interface Size extends WorldOptions {
  agreements: number
  additionsEach: number
  /** The share of additions whose quantity is not what the platform will say, 0 to 1. */
  changedShare?: number
}

export interface GeneratedWorld extends World {
  /** What each addition should hold after a night, by its id. */
  wanted: Map<number, number>
}

/** N agreements of one company each, with M additions of M products; the changed ones are spread evenly. */
export function generatedWorld({ agreements, additionsEach, changedShare = 0, ...options }: Size): GeneratedWorld {
  const world: GeneratedWorld = Object.assign(emptyWorld(options), { wanted: new Map<number, number>() })
  const products = Array.from({ length: additionsEach }, (_, n) => addProduct(world, { identifier: `SKU-${n + 1}` }))
  let made = 0
  for (let n = 0; n < agreements; n++) {
    const agreement = addAgreement(world, { company: addCompany(world) })
    for (const product of products) {
      made++
      const isChanged = Math.floor(made * changedShare) > Math.floor((made - 1) * changedShare)
      const wanted = 10 + (made % 40)
      const { id } = addAddition(world, { agreement, product, quantity: isChanged ? wanted - 1 : wanted })
      world.wanted.set(id, wanted)
    }
  }
  return world
}

import * as z from 'zod'
import type { Api } from './api.ts'
import { parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { flag, id, named, text } from './wire.ts'

/** A type, and what new agreements get from it. */
export interface AgreementType {
  id: number
  name: string
  /** By the cycle's name; empty where the type states none. */
  billingCycle: string
  prorate: boolean
  billProducts: string
}

const record = z.object({
  ...{ id, name: text, inactiveFlag: flag },
  ...{ billingCycle: named, prorateFlag: flag, billProducts: text },
})

/** The types new agreements may have: inactive ones are left out (FEATURES S10). */
export async function listAgreementTypes(api: Api): Promise<AgreementType[]> {
  const what = 'agreement types'
  const parse = (body: unknown) => parseBody(z.array(record), body, what)
  const query = { fields: 'id,name,inactiveFlag,billingCycle/name,prorateFlag,billProducts' }
  const types = await listAll(api, { path: '/finance/agreements/types', query, what, parse, orderBy: 'id' })
  return types
    .filter(({ inactiveFlag }) => !inactiveFlag)
    .map(({ id, name, billingCycle, prorateFlag, billProducts }) => ({
      ...{ id, name, billingCycle: billingCycle?.name ?? '', prorate: prorateFlag, billProducts },
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

import { z } from 'zod'
import type { Api } from './api.ts'
import { parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { flag, id, text } from './wire.ts'

export interface AgreementType {
  id: number
  name: string
}

const record = z.object({ id, name: text, inactiveFlag: flag })

/** The types new agreements may have: inactive ones are left out (FEATURES S10). */
export async function listAgreementTypes(api: Api): Promise<AgreementType[]> {
  const what = 'agreement types'
  const parse = (body: unknown) => parseBody(z.array(record), body, what)
  const query = { fields: 'id,name,inactiveFlag' }
  const types = await listAll(api, { path: '/finance/agreements/types', query, what, parse, orderBy: 'id' })
  return types
    .filter(({ inactiveFlag }) => !inactiveFlag)
    .map(({ id, name }) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

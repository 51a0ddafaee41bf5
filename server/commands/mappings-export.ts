import { writeFile } from 'node:fs/promises'
import { isToBeMade } from '#billing/record.ts'
import { listMappings, type MappingRow } from '#db/mappings.ts'
import { Problem } from '#server/problem.ts'
import { writeMappings } from '#sync/mapping/file.ts'
import type { Command } from './command.ts'
import { whyNoFile } from './files.ts'
import { scopeNamed } from './named.ts'
import { counted } from './text.ts'

export const mappingsExportCommand: Command = {
  name: 'mappings export',
  about:
    'Write the mappings as JSON; importing them again changes nothing. Those to records still to be made are left out.',
  arguments: [{ value: 'FILE', optional: true, about: 'where to write them; stdout without it' }],
  options: { tenant: { value: 'T', required: true, about: 'whose mappings' } },
  async run(call) {
    const { deps } = await call.open()
    const all = await listMappings(await scopeNamed(deps.db, call.required('tenant')))
    const rows = all.filter(namesWhatThereIs)
    const text = writeMappings(rows)
    const path = call.argument(0)
    if (path === undefined) {
      call.outside.out(text)
      return 0
    }
    await writeFile(path, text).catch((error: unknown) => {
      throw new Problem('invalid', `${path} cannot be written: ${whyNoFile(error)}.`)
    })
    call.print({ file: path, mappings: rows.length }, `${counted(rows.length, 'mapping')} written to ${path}.`)
    return 0
  },
}

/** A record to be made is known to nobody else by its id. */
const namesWhatThereIs = ({ companyId, agreementId, productId }: MappingRow): boolean =>
  ![companyId, agreementId, productId ?? 0].some(isToBeMade)

import { importMappings } from '#sync/mapping/import-mappings.ts'
import type { Command } from './command.ts'
import { readText } from './files.ts'
import { scopeNamed } from './named.ts'

export const mappingsImportCommand: Command = {
  name: 'mappings import',
  about: 'Add and change mappings from JSON: all of them, or none when a row is wrong.',
  arguments: [{ value: 'FILE', optional: true, about: 'what `mappings export` writes; stdin without it' }],
  options: { tenant: { value: 'T', required: true, about: 'whose mappings' } },
  async run(call) {
    const path = call.argument(0)
    const text = await (path === undefined ? call.outside.readInput() : readText(path))
    const { deps } = await call.open()
    const scope = await scopeNamed(deps.db, call.required('tenant'))
    const { added, changed, unchanged } = await importMappings(deps, scope, text)
    call.print(
      { tenant: scope.tenant, added, changed, unchanged },
      [
        `Imported: ${added} added, ${changed} changed, ${unchanged} as they were.`,
        `Next: trueup sync --tenant ${scope.tenant} --dry-run`,
      ].join('\n'),
    )
    return 0
  },
}

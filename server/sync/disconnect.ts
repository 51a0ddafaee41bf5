import { stopSchedules } from '#db/schedules.ts'
import { deleteKeys } from '#db/secrets.ts'
import { saveTenantState } from '#db/tenants.ts'
import { type Editor, saveChange } from './settings.ts'

/**
 * Deletes the keys and stops what runs by itself (K15). Mappings and history stay, and so does every record in
 * ConnectWise; its registered tabs and pods stay too, and show how to connect again.
 */
export function disconnect(editor: Editor): Promise<void> {
  const { deps, scope, member } = editor
  const state = { state: 'disconnected' as const, stateCause: `Disconnected by ${member}.`, stateAt: deps.now() }
  return saveChange(editor, [saveTenantState(scope, state), deleteKeys(scope), stopSchedules(scope)], {
    what: 'connection',
    to: 'disconnected',
    text: 'ConnectWise was disconnected; its keys were deleted and no run starts by itself',
  })
}

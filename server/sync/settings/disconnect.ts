import { stopSchedules } from '#db/schedules.ts'
import { deleteKeys } from '#db/secrets.ts'
import { revokeSessions } from '#db/sessions.ts'
import { saveTenantState } from '#db/tenants.ts'
import { type Editor, saveChange } from './settings.ts'

/**
 * Deletes the keys, stops what runs by itself and ends every session (K15). Mappings and history stay, and so does every record in
 * ConnectWise; its registered tabs and pods stay too, and show how to connect again.
 */
export function disconnect(editor: Editor): Promise<void> {
  const { deps, scope, member } = editor
  const at = deps.now()
  const state = { state: 'disconnected' as const, stateCause: `Disconnected by ${member}.`, stateAt: at }
  const statements = [saveTenantState(scope, state), deleteKeys(scope), stopSchedules(scope), revokeSessions(scope, at)]
  return saveChange(editor, statements, {
    what: 'connection',
    to: 'disconnected',
    text: 'ConnectWise was disconnected; its keys were deleted and no run starts by itself',
  })
}

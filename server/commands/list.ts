import { backupCommand } from './backup.ts'
import type { Command } from './command.ts'
import { connectCommand } from './connect.ts'
import { doctorCommand } from './doctor.ts'
import { killSwitchCommand } from './kill-switch.ts'
import { mappingsExportCommand } from './mappings-export.ts'
import { mappingsImportCommand } from './mappings-import.ts'
import { operatorCodeCommand } from './operator-code.ts'
import { plansApproveCommand } from './plans-approve.ts'
import { plansDismissCommand } from './plans-dismiss.ts'
import { plansShowCommand } from './plans-show.ts'
import { rolesSetCommand } from './roles-set.ts'
import { sourcesAddCommand } from './sources-add.ts'
import { sourcesCollectCommand } from './sources-collect.ts'
import { sourcesTestCommand } from './sources-test.ts'
import { sourcesUploadCommand } from './sources-upload.ts'
import { syncCommand } from './sync.ts'

/** Every command, in the order in which an install needs them. */
export const commands: readonly Command[] = [
  connectCommand,
  rolesSetCommand,
  operatorCodeCommand,
  sourcesAddCommand,
  sourcesTestCommand,
  sourcesCollectCommand,
  sourcesUploadCommand,
  mappingsExportCommand,
  mappingsImportCommand,
  syncCommand,
  plansShowCommand,
  plansApproveCommand,
  plansDismissCommand,
  doctorCommand,
  backupCommand,
  killSwitchCommand,
]

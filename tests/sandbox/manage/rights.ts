export type Level = 'None' | 'My' | 'All'
export type Action = 'add' | 'edit' | 'delete' | 'inquire'

/** The security role as ConnectWise shows it: `Finance > Agreements` → a level for each action. */
export type Rights = Map<string, Record<Action, Level>>

const modules = [
  'Companies > Company Maintenance',
  'Companies > Contacts',
  'Companies > Manage Attachments',
  'Finance > Agreements',
  'Finance > Agreement Invoicing',
  'Procurement > Product Catalog',
  'System > API Reports',
  'System > Member Maintenance',
  'System > Table Setup',
] as const

export type Module = (typeof modules)[number]

/** A role that may do everything. */
export const allRights = (): Rights =>
  new Map(modules.map((module) => [module, { add: 'All', edit: 'All', delete: 'All', inquire: 'All' }]))

/** A role with these levels and None everywhere else. */
export const onlyRights = (granted: Partial<Record<Module, Partial<Record<Action, Level>>>>): Rights =>
  new Map(
    modules.map((module) => [
      module,
      { add: 'None', edit: 'None', delete: 'None', inquire: 'None', ...granted[module] },
    ]),
  )

/** What the role says; no entry means None. */
export const levelOf = (rights: Rights | undefined, module: Module, action: Action): Level =>
  rights?.get(module)?.[action] ?? 'None'

/** Changes one cell of a member's role, as an admin in ConnectWise would. */
export function setLevel(
  world: { rights: Map<string, Rights> },
  member: string,
  module: Module,
  action: Action,
  level: Level,
): void {
  const levels = world.rights.get(member)?.get(module)
  if (!levels) throw new Error(`${member} has no entry for ${module}`)
  levels[action] = level
}

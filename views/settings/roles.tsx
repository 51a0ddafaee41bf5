import { SelectField, TextField } from '#views/field.tsx'
import { ErrorSummary, type Errors } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'
import type { Standing } from '#views/screen.tsx'
import { Table } from '#views/table.tsx'
import { SettingsScreen } from './settings.tsx'

export interface RoleLine {
  subject: 'member' | 'security-role'
  name: string
  role: 'technician' | 'finance' | 'admin'
  by: string
  /** In the tenant's zone. */
  at: string
}

export interface RolesProps {
  roles: readonly RoleLine[]
  typed?: Readonly<Record<string, string>>
  errors?: Errors
  saved?: string
}

export const RolesScreen = ({ standing, ...roles }: { standing: Standing } & RolesProps) => (
  <SettingsScreen standing={standing} at="/settings/roles">
    <RolesSection {...roles} />
  </SettingsScreen>
)

const words = { technician: 'Technician', finance: 'Finance', admin: 'Administrator' }

/** Who may do what here (FEATURES 8.2); the last administrator stays. */
export const RolesSection = ({ roles, typed = {}, errors = {}, saved }: RolesProps) => (
  <section class="card" id="roles" aria-labelledby="roles-title">
    <h2 id="roles-title">Roles</h2>
    {saved && <Announce>{saved}</Announce>}
    <p>
      <b>Technician</b> sees counts, plans and runs, without money. <b>Finance</b> also sees cost and price, maps, syncs
      and approves. <b>Administrator</b> also sets everything up. Whoever may read a record in ConnectWise and has no
      role here is a technician; nobody sees here what they may not see there.
    </p>
    <Table
      caption="Roles"
      columns={[
        { text: 'Who' },
        { text: 'Role' },
        { text: 'Given by', room: 1 },
        { text: 'At', room: 2 },
        { text: 'Remove', hidden: true },
      ]}
    >
      <tbody>
        {roles.map((line) => (
          <RoleRow {...line} />
        ))}
      </tbody>
    </Table>
    <form {...hx({ post: '/settings/roles', target: '#roles', swap: 'outerHTML' })}>
      <h3>Give a role</h3>
      <ErrorSummary errors={errors} labels={{ name: 'Member or security role', role: 'Role' }} />
      <div class="fields">
        <SelectField
          label="To"
          name="subject"
          value={typed.subject ?? 'member'}
          choices={[
            { value: 'member', text: 'One member, by member id' },
            { value: 'security-role', text: 'Everybody with a security role, by its number' },
          ]}
        />
        <TextField
          label="Member or security role"
          name="name"
          value={typed.name ?? ''}
          hint="jsmith, or the number in the address of the role in ConnectWise"
          {...(errors.name ? { error: errors.name } : {})}
        />
        <SelectField
          label="Role"
          name="role"
          value={typed.role ?? 'technician'}
          choices={Object.entries(words).map(([value, text]) => ({ value, text }))}
          {...(errors.role ? { error: errors.role } : {})}
        />
      </div>
      <div class="actions">
        <button type="submit">Give role</button>
      </div>
    </form>
  </section>
)

const RoleRow = ({ subject, name, role, by, at }: RoleLine) => (
  <tr>
    <td>{subject === 'member' ? name : `Security role ${name}`}</td>
    <td>{words[role]}</td>
    <td class="room-1">{by}</td>
    <td class="room-2">{at}</td>
    <td>
      <button
        type="button"
        aria-label={`Remove the role of ${name}`}
        {...hx({
          delete: `/settings/roles/${subject}/${encodeURIComponent(name)}`,
          target: '#roles',
          swap: 'outerHTML',
        })}
      >
        Remove
      </button>
    </td>
  </tr>
)

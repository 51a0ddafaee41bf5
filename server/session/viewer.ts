import type { Scope } from '#db/db.ts'
import type { Tenant } from '#db/tenants.ts'

/** What a member may do (FEATURES 8.2): look; work with plans and mappings; set everything up. */
export type Role = 'technician' | 'finance' | 'admin'

/** The member who looks, as ConnectWise and this tenant's roles say; never as the browser says. */
export interface Viewer {
  scope: Scope
  tenant: Tenant
  /** The session's id. */
  session: string
  /** ConnectWise's member id. */
  member: string
  name: string
  role: Role
  /** A source states invoice lines, and no agreement type is chosen for them: nothing of them works before (K14). */
  lacksAgreementType: boolean
}

const ranks: Record<Role, number> = { technician: 0, finance: 1, admin: 2 }

/** Whether a role includes what another one may do. */
export const includesRole = (role: Role, needed: Role): boolean => ranks[role] >= ranks[needed]

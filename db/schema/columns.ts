import { integer, text } from 'drizzle-orm/sqlite-core'

/** A tenant's id, the slug of its ConnectWise instance. Only rows of `tenants` yield one, so a query cannot forget it. */
export type TenantId = string & { readonly tenant: unique symbol }

export const tenantId = () => text().$type<TenantId>().notNull()
/** Epoch milliseconds. */
export const at = () => integer()
export const flag = () => integer({ mode: 'boolean' })
export const json = <T>() => text({ mode: 'json' }).$type<T>()

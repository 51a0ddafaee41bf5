import type { Tenant } from '#db/tenants.ts'

const recordTypes = { company: 'CompanyFV', agreement: 'AgreementFV' } as const

/** A record's address in the tenant's ConnectWise, for people who are logged in there. */
export function recordHref({ site, companyId }: Tenant, screen: keyof typeof recordTypes, id: number): string {
  const url = new URL('/v4_6_release/services/system_io/router/openrecord.rails', site)
  const query = { locale: 'en_US', companyName: companyId, recordType: recordTypes[screen], recid: String(id) }
  url.search = new URLSearchParams(query).toString()
  return url.href
}

/** Seals and opens one tenant's secrets (TRUST 7.3). Implemented in this file by the secrets work. */
export interface Seal {
  seal(dataKey: Uint8Array, context: string, plain: string): string
  open(dataKey: Uint8Array, context: string, sealed: string): string
  /** Wraps a fresh data key with the master key. */
  newDataKey(tenant: string): { wrapped: string; masterKeyId: string }
  unwrap(tenant: string, wrapped: string): Uint8Array
}

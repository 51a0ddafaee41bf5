import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Seals and opens one tenant's secrets (TRUST 7.3): AES-256-GCM with a random IV each time. A sealed text is
 * `v1.<key id>.<iv>.<tag>.<ciphertext>`; it opens only under the same key, with the same context.
 */
export interface Seal {
  /** `context` is `tenant|field|version` and is authenticated, so a sealed text cannot be moved to another row. */
  seal(dataKey: Uint8Array, context: string, plain: string): string
  /** Throws when the key, the context or the text is not the one it was sealed with. */
  open(dataKey: Uint8Array, context: string, sealed: string): string
  /** Wraps a fresh 256-bit data key with the master key. */
  newDataKey(tenant: string): { wrapped: string; masterKeyId: string }
  unwrap(tenant: string, wrapped: string): Uint8Array
  readonly masterKeyId: string
  /** Signs members' tokens; of its own, so that a signature tells nothing of a data key, and named by its id. */
  readonly signing: { key: Uint8Array; id: string }
}

/** `masterKey` is 32 bytes in base64. */
export function createSeal(masterKey: string): Seal {
  const master = Buffer.from(masterKey, 'base64')
  const masterKeyId = keyId(master)
  const context = (tenant: string) => `${tenant}|data key|1`
  return {
    masterKeyId,
    signing: signingKey(master),
    seal: encrypt,
    open: decrypt,
    newDataKey: (tenant) => ({
      wrapped: encrypt(master, context(tenant), randomBytes(32).toString('base64')),
      masterKeyId,
    }),
    unwrap: (tenant, wrapped) => Buffer.from(decrypt(master, context(tenant), wrapped), 'base64'),
  }
}

function signingKey(master: Uint8Array): Seal['signing'] {
  const key = new Uint8Array(hkdfSync('sha256', master, '', 'trueup access tokens', 32))
  return { key, id: keyId(key) }
}

function encrypt(key: Uint8Array, context: string, plain: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context))
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return ['v1', keyId(key), ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join('.')
}

function decrypt(key: Uint8Array, context: string, sealed: string): string {
  const [version, id, ...parts] = sealed.split('.')
  const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'))
  if (version !== 'v1' || !iv || !tag || !text) throw new Error('This is not a sealed text.')
  if (id !== keyId(key)) throw new Error(`Sealed with key ${id}, which is not the key given (${keyId(key)}).`)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
  decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
  return decipher.update(text, undefined, 'utf8') + decipher.final('utf8')
}

/** Names a key without giving anything of it away. */
function keyId(key: Uint8Array): string {
  return createHash('sha256').update('trueup key id').update(key).digest('hex').slice(0, 8)
}

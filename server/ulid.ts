const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Ids of 26 characters that sort by the time they were made: 48 bits of time, 80 of chance. */
export function createUlid(now: () => number, randomBytes: (count: number) => Uint8Array): () => string {
  return () => {
    const time = encode(BigInt(now()), 10)
    const chance = randomBytes(10).reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n)
    return time + encode(chance, 16)
  }
}

function encode(value: bigint, length: number): string {
  return Array.from({ length }, (_, i) => alphabet[Number((value >> BigInt(5 * (length - 1 - i))) & 31n)]).join('')
}

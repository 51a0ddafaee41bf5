import { randomBytes } from 'node:crypto'
import { sha256 } from './sha256.ts'

/** A fresh key that nobody guesses, to be shown once: only its SHA-256 is kept. */
export const randomKey = (): string => randomBytes(32).toString('base64url')

/** What is kept of a key. It is looked up by this, so the time that takes tells nothing of the key. */
export const hashOf = (key: string): string => sha256(key)

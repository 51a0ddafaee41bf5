import { readFile } from 'node:fs/promises'
import { Problem } from '#server/problem.ts'

/** A text file's content. Throws a Problem when it cannot be read or is not UTF-8, which PowerShell's `>` does not write. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Problem('not_found', `${path} cannot be read: ${whyNoFile(error)}.`)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem('invalid', `${path} is not UTF-8 text: save it as UTF-8.`)
  }
}

export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
}

/** Why a file could not be read or written, in words. */
export const whyNoFile = (error: unknown): string => reasons[codeOf(error)] ?? (codeOf(error) || 'it failed')

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll } from 'vitest'

/** A process of ours, with everything it has printed. */
export interface Child {
  kill(signal: NodeJS.Signals): void
  output(): string
  /** Resolves when `text` was printed. Rejects with the whole output when the process ends before. */
  printed(text: string): Promise<void>
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const programs = [import.meta.resolve('./server.ts'), import.meta.resolve('../../server/node.ts')]
const running = new Set<ChildProcessByStdio<null, Readable, Readable>>()

/**
 * Bundles the server of these tests and the real one once per test file, as the build does, so that starting one
 * is quick; whatever still runs at the end is killed.
 */
export function givenPrograms(): (program: 'server' | 'node', env: Record<string, string>) => Child {
  let folder = ''
  beforeAll(async () => {
    mkdirSync(join(root, 'dist'), { recursive: true })
    folder = mkdtempSync(join(root, 'dist', 'test-'))
    await build({
      entryPoints: programs.map((url) => fileURLToPath(url)),
      entryNames: '[name]',
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      format: 'esm',
      outdir: folder,
    })
  })
  afterAll(() => {
    for (const child of [...running]) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    rmSync(folder, { recursive: true })
  })
  return (program, env) => launch(process.execPath, [join(folder, `${program}.js`)], env)
}

/** Starts a program with nothing but this environment, in a process group of its own, which gets its signals. */
export function launch(command: string, args: readonly string[], env: Record<string, string>): Child {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(command, args, {
    cwd: root,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes))
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child)
    return code ?? signal
  })
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && running.has(child)) process.kill(-child.pid, signal)
  }
  return { kill, output: () => output, ended, printed }

  async function printed(text: string): Promise<void> {
    while (!output.includes(text)) {
      const more = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)])
      if (!more && !output.includes(text)) throw new Error(`ended without ${JSON.stringify(text)}:\n${output}`)
    }
  }
}

/** Lets at most `count` of the works passed in be under way at once. */
export function slots(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

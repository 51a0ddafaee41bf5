#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import type { Outside } from './commands/command.ts'
import { main } from './commands/main.ts'
import { type Config, readConfig } from './config.ts'
import { createLog, type Log } from './log.ts'
import { createNodeDeps } from './node/deps.ts'

let isStopping = false

const outside: Outside = {
  variables: process.env,
  config: () => readConfig(process.env),
  open: (config) => createNodeDeps(config, { log: stderrLog(config) }),
  now: Date.now,
  out: (line) => void process.stdout.write(line),
  err: (line) => void process.stderr.write(line),
  readInput: () => text(process.stdin),
  slice: { stopping: () => isStopping },
}

/** Answers go to stdout, so events go to stderr: all that LOG_LEVEL asks for, else what no answer says, in words. */
function stderrLog(config: Config): Log {
  const write = (line: string) => void process.stderr.write(`${line}\n`)
  if (process.env.LOG_LEVEL) return createLog({ level: config.LOG_LEVEL, now: Date.now, write })
  const say: Log['warn'] = (event, { reason } = {}) => write(reason ?? event)
  const quiet = () => undefined
  return {
    debug: quiet,
    info: quiet,
    warn: (event, more) => event.startsWith('master-key.') && say(event, more),
    error: say,
  }
}

/** The first signal lets what is under way end well, a second one ends it at once. */
function stop(): void {
  if (isStopping) process.exit(1)
  isStopping = true
}

process.on('SIGINT', stop)
process.on('SIGTERM', stop)
process.exitCode = await main(process.argv.slice(2), outside)

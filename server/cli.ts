#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import type { Outside } from './commands/command.ts'
import { main } from './commands/main.ts'
import { type Config, readConfig } from './config.ts'
import { createLog } from './log.ts'
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

/** Answers go to stdout, so events go to stderr, and only those that matter unless more was asked for. */
function stderrLog(config: Config) {
  const level = process.env.LOG_LEVEL ? config.LOG_LEVEL : 'warn'
  return createLog({ level, now: Date.now, write: (line) => void process.stderr.write(`${line}\n`) })
}

/** The first signal lets what is under way end well, a second one ends it at once. */
function stop(): void {
  if (isStopping) process.exit(1)
  isStopping = true
}

process.on('SIGINT', stop)
process.on('SIGTERM', stop)
process.exitCode = await main(process.argv.slice(2), outside)

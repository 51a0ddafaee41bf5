import type { Effects } from '#connectwise/connectwise.ts'
import type { Config } from '#server/config.ts'
import type { Deps } from '#server/deps.ts'
import type { Place } from '#server/problem.ts'
import type { Slice } from '#sync/slice.ts'

/** 0 done, 1 failed, 2 done but something waits for a person, 64 wrong usage (INTERFACE). */
export type ExitCode = 0 | 1 | 2 | 64

/** One command of the command line. */
export interface Command {
  /** As it is typed: `plans approve`. */
  name: string
  /** One sentence for the list of commands. */
  about: string
  options: Readonly<Record<string, Option>>
  arguments?: readonly Argument[]
  run(call: Call): Promise<ExitCode>
}

export interface Option {
  about: string
  /** What stands for its value in the usage line; a switch has none. */
  value?: string
  required?: true
  repeated?: true
}

export interface Argument {
  /** What stands for it in the usage line: `FILE`. */
  value: string
  about: string
  optional?: true
}

/** A command as somebody typed it, and what it acts on. */
export interface Call {
  outside: Outside
  /** Opened once, closed after the command. */
  open(): Promise<Opened>
  option(name: string): string | undefined
  /** Throws when a required option was left out of the command's own list. */
  required(name: string): string
  every(name: string): readonly string[]
  isOn(name: string): boolean
  argument(at: number): string | undefined
  /** The one answer: the document with `--json`, the text without. */
  print(document: unknown, text: string): void
  /** A remark beside the answer, on stderr. */
  note(text: string): void
}

/** What the command line needs of the machine it runs on. */
export interface Outside {
  variables: Readonly<Record<string, string | undefined>>
  config(): Config
  open(config: Config): Promise<Opened>
  /** Epoch milliseconds. */
  now(): number
  out(text: string): void
  err(text: string): void
  readInput(): Promise<string>
  /** Whether the person at the terminal asked to stop. */
  slice: Slice
}

export interface Opened {
  deps: Deps
  /** For what is called before a tenant exists, or beside its client. */
  effects: Effects
  close(): void | Promise<void>
}

/** The arguments are wrong: one sentence, and the usage line after it. */
export class UsageProblem extends Error {
  readonly places: readonly Place[]

  constructor(message: string, places: readonly Place[] = []) {
    super(message)
    this.name = 'UsageProblem'
    this.places = places
  }
}

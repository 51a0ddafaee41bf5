import type { ConnectWise } from '#connectwise/connectwise.ts'
import type { MemberAuthentication, MemberView } from '#connectwise/member.ts'
import type { ConnectionTest, Credentials } from '#connectwise/test-connection.ts'
import type { Db, Scope } from '#db/db.ts'
import type { Seal } from '#db/seal.ts'
import type { Kinds } from '#sources/contract.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'

export type {
  ConnectWise,
  DocumentOutcome,
  HostedOutcome,
  HostedScreen,
  HostedSetup,
  NewHostedSetup,
  WriteOutcome,
} from '#connectwise/connectwise.ts'
export type { Member, MemberAuthentication, MemberView, RecordKind, Told } from '#connectwise/member.ts'
export type { ConnectionTest, Credentials } from '#connectwise/test-connection.ts'
export type { Remarks, Sheet } from '#sources/contract.ts'

/** Everything the program needs from outside, passed in by the entry files and by tests. */
export interface Deps {
  db: Db
  seal: Seal
  config: Config
  log: Log
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A fresh 26-character id. */
  id(): string
  /** A uniform number in [0, 1), for jitter. */
  random(): number
  /** Every kind of source there is, by name. */
  sources: Kinds
  /**
   * Calls a source's platform: of this machine only what SOURCE_HOSTS names, else what the whole internet can reach. It
   * follows no redirect. Throws a Problem for what is not called.
   */
  fetchSource(request: Request): Promise<Response>
  /** A client for one tenant; its pacing lives as long as the process. Throws a Problem when no keys are stored. */
  connectWise(tenant: Scope): Promise<ConnectWise>
  /** A tenant's ConnectWise as one of its members sees it. Throws a Problem when no keys are stored. */
  asMember(tenant: Scope, authentication: MemberAuthentication): Promise<MemberView>
  /** The ConnectWise id of a member's security role; undefined when the API member may not know it or nobody answers. */
  securityRoleOf(tenant: Scope, memberId: number): Promise<number | undefined>
  /** Tries what a person typed, harmlessly; nothing is stored (K4). */
  testConnection(credentials: Credentials): Promise<ConnectionTest>
  /** Names the script and style sheet of this build, so that browsers may keep them; absent: they ask each time. */
  release?: string
  /** The share of the disk that is free, 0 to 1, where there is a disk. */
  freeDisk?(): Promise<number>
  /**
   * Lets work begin that goes on after the answer was given. It stops where `stopping` says so; what is left then, the
   * next tick resumes.
   */
  later(work: (slice: { stopping(): boolean }) => Promise<unknown>): void
  /** Called at each labelled point between two steps; tests stop the process there. */
  at(point: Point): void
}

export type Point =
  | 'run.claimed'
  | 'agreements.read'
  | 'additions.read'
  | 'plan.saving'
  | 'plan.saved'
  | 'plan.approved'
  | 'intent.sending'
  | 'write.answered'
  | 'outcome.saved'
  | 'document.sending'
  | 'run.finishing'
  | 'run.finished'
  | 'orphans.found'
  | 'probe.first'
  | 'probe.second'
  | 'creates.planned'

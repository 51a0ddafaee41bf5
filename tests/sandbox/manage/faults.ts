export * from './fault-kinds.ts'
export type { Exchange, Fault, Faults, Match, Scripted } from './fault-layer.ts'
export * from './spoilt-answers.ts'

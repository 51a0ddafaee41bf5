export * from './faults/fault-kinds.ts'
export * from './faults/spoilt-answers.ts'

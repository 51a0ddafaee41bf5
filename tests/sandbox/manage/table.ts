import type { AdditionRecord } from './records.ts'

/** A map by id that also answers in the order of ids; tests may set and delete as in any map. */
export class Table<R extends { id: number }> extends Map<number, R> {
  private ordered: R[] | undefined
  private highest = 0

  override set(id: number, row: R): this {
    if (super.get(id) !== row) this.ordered = undefined
    this.highest = Math.max(this.highest, id)
    return super.set(id, row)
  }

  override delete(id: number): boolean {
    this.ordered = undefined
    return super.delete(id)
  }

  override clear(): void {
    this.ordered = undefined
    super.clear()
  }

  /** An id never used before: a deleted record's id does not come back. */
  nextId(): number {
    return this.highest + 1
  }

  rows(): readonly R[] {
    this.ordered ??= [...this.values()].sort((a, b) => a.id - b.id)
    return this.ordered
  }
}

/** Additions, also by agreement: a night lists them agreement by agreement. */
export class AdditionTable extends Table<AdditionRecord> {
  // Declared only: an initialiser would run after Map's constructor, which may already have called set.
  declare private groups: Map<number, Table<AdditionRecord>> | undefined

  override set(id: number, row: AdditionRecord): this {
    const previous = this.get(id)
    if (previous && previous !== row) this.group(previous.agreementId).delete(id)
    this.group(row.agreementId).set(id, row)
    return super.set(id, row)
  }

  override delete(id: number): boolean {
    const row = this.get(id)
    if (row) this.group(row.agreementId).delete(id)
    return super.delete(id)
  }

  override clear(): void {
    this.groups = undefined
    super.clear()
  }

  of(agreementId: number): readonly AdditionRecord[] {
    return this.groups?.get(agreementId)?.rows() ?? []
  }

  private group(agreementId: number): Table<AdditionRecord> {
    this.groups ??= new Map()
    const known = this.groups.get(agreementId)
    if (known) return known
    const fresh = new Table<AdditionRecord>()
    this.groups.set(agreementId, fresh)
    return fresh
  }
}

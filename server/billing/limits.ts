/** The guard's numbers, per tenant (TRUST section 5). */
export interface Limits {
  /** G1: a rise beyond the larger of units and percent waits. */
  rise: { units: number; percent: number }
  /** G2 */
  fall: { units: number; percent: number }
  /** G4: from `from` mapped additions on. */
  share: { percent: number; from: number }
  /** G5: currency units per agreement. */
  amount: number
  /** G7: fewer accounts or readings than in the last complete snapshot. */
  shrink: { percent: number; units: number }
  /** G13 */
  costPercent: number
  /** G15: hours before an agreement's next invoice date. */
  freezeHours: number
}

export const defaultLimits: Limits = {
  rise: { units: 5, percent: 20 },
  fall: { units: 2, percent: 10 },
  share: { percent: 30, from: 10 },
  amount: 500,
  shrink: { percent: 10, units: 2 },
  costPercent: 10,
  freezeHours: 0,
}

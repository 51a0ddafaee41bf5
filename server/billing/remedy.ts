import type { Hold } from './plan.ts'

const remedies: Record<string, string> = {
  G10: 'Say which one is meant, end the others in ConnectWise, or leave them alone.',
  G11: 'Start it on the next invoice date, or let the agreement prorate in ConnectWise.',
  G12: 'Put the record right under Mapping, or what may be made under Settings › Configuration.',
  G20: 'Put the currency right, or let the rule write the quantity alone.',
  G21: 'Reactivate it in ConnectWise, or map to something else.',
  G22: "Change the mapping's rule.",
  G23: 'Set the clock of the machine TrueUp runs on.',
  G24: 'An administrator of TrueUp lets it write again, under Settings.',
}

/** What to do about a block, which nobody can approve. */
export const remedyOf = ({ guard, block }: Hold): string | undefined => (block ? remedies[guard] : undefined)

import type { Issue } from './help-issues.tsx'

/** FEATURES Q2–Q4, M28, of invoice lines. */
export const lineIssues: readonly Issue[] = [
  {
    seen: 'An invoice line has no addition',
    cause:
      'Its organization or its offer is not mapped, the organization is excluded, or its agreement belongs to another company.',
    fix: 'The line says which of these it is, and the log holds the cause of every error. Map what is missing, then sync that line again.',
  },
  {
    seen: 'Wrong effective date',
    cause: 'The start rule of its billing cycle made it; then it says System Updated.',
    fix: 'Before it is posted: type a date on the line, or change the rule and apply rules again. Afterwards: correct it in ConnectWise.',
  },
  {
    seen: 'Wrong cancelled date',
    cause: 'The end rule of its charge type made it. Without a rule, a one-time line ends with the month it starts in.',
    fix: 'As with the effective date. A recurring line without an end is right: it bills every cycle.',
  },
  {
    seen: 'Wrong description on the invoice',
    cause:
      'Its charge type has another name in Settings, Configuration, or the subscription is called so by its source.',
    fix: 'Change the name there, or empty it. Lines that are posted keep what they were posted with.',
  },
  {
    seen: 'Wrong agreement',
    cause: 'It was chosen on the line or by its mapping; with neither, it is the one made of the default type.',
    fix: 'Before it is posted: choose the agreement on the line. Afterwards: move it to the right agreement, which ends it here and goes on there in one plan.',
  },
  {
    seen: 'The same charge twice',
    cause: 'Somebody made a line by hand, or the source states the charge under two ids.',
    fix: 'Do not sync again: a posted line is never sent twice. The duplicate finder lists both with their money and ends the one you choose.',
  },
  {
    seen: 'Response Error',
    cause: 'ConnectWise did not answer when the agreement was read. It is temporary.',
    fix: 'Wait some minutes and refresh; then look at System Information on the dashboard.',
  },
  {
    seen: 'A posted line says Changed at the source',
    cause: 'The source says something else of it since it was posted.',
    fix: 'Add a correction for the difference, or leave it. The posted line itself stays.',
  },
  {
    seen: 'The agreement type I expect is not offered',
    cause: 'It is inactive, or was made after the list was read.',
    fix: 'See in ConnectWise, System › Setup Tables › Agreement Type, that it is there and active; then test the connection again.',
  },
]

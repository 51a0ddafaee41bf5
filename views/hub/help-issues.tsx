import { lineIssues } from './help-lines.tsx'

/** What somebody sees, why, and what to do. */
export interface Issue {
  seen: string
  cause: string
  fix: string
}

/** FEATURES Q2, of counts and usage. */
const issues: readonly Issue[] = [
  {
    seen: 'An addition does not follow its count',
    cause:
      'The account is excluded or not mapped, its agreement has ended, the change is held, or the source is silent.',
    fix: 'The row on the Company screen says which of these it is. Include or map the account, approve the plan, or wait for the source; then push this row again.',
  },
  {
    seen: 'Parked',
    cause:
      'The company, agreement or addition was ended or deleted in ConnectWise. TrueUp makes nothing new in its place.',
    fix: 'Map the account to another addition, or unmap it.',
  },
  {
    seen: 'Conflict',
    cause: 'Somebody changed the value in ConnectWise after TrueUp wrote it.',
    fix: 'Choose on the row: keep theirs, take the source’s, or pin theirs until a day.',
  },
  {
    seen: 'Held',
    cause:
      'The change is larger than the limits allow without a person, or something about it is unusual; the row says what, with numbers.',
    fix: 'Open the plan, look at the numbers, and approve or dismiss it.',
  },
  {
    seen: 'Blocked',
    cause:
      'Something would make the write wrong: another currency, an agreement that is not active, two additions that could be meant.',
    fix: 'Approving does not help here. Do what the row says, then push again.',
  },
  {
    seen: 'Unknown outcome',
    cause: 'ConnectWise did not answer, so nobody knows yet whether the write landed.',
    fix: 'Nothing. TrueUp waits until it can no longer land, looks it up, and only then writes again.',
  },
  {
    seen: 'Stale, or silent source',
    cause: 'The source has not reported for the period that is billed, so its last number is not written.',
    fix: 'Look at the source: does it still push, with the right token, for the right month?',
  },
  {
    seen: 'A source could not be read',
    cause: 'A platform that TrueUp asks refused, or its answer was wrong in some way, so nothing of it is written.',
    fix: 'An administrator reads the reason in Settings, Sources, and tests the connection there.',
  },
  {
    seen: 'Needs attention',
    cause: 'ConnectWise refused the keys or a right of the API member.',
    fix: 'An administrator opens Settings, Authentication, tests the connection and follows what it names.',
  },
  {
    seen: 'The same product twice on an agreement',
    cause: 'A line was made by hand beside the mapped one.',
    fix: 'Map both with a split, end one in ConnectWise, or mark it as to be left alone on the mapping.',
  },
]

const questions: readonly { question: string; answer: string }[] = [
  {
    question: 'A cost that I set by hand was changed.',
    answer:
      'Switch off Overwrite cost for the source, or take cost out of what the mapping writes. Quantity alone leaves cost and price as they are.',
  },
  {
    question: 'A user who came in the middle of the month was billed for all of it.',
    answer:
      'Prorate is off on the mapping, or the agreement does not prorate: then a quantity counts for the whole period. The mapping shows the lines of the next two invoices before Prorate is saved.',
  },
  {
    question: 'I changed a rule for dates. Why do lines keep their days?',
    answer:
      'Rules work when lines are loaded. Press Apply rules again above the list for lines that are not posted; posted ones keep what they were posted with.',
  },
  {
    question: 'I renamed the company, agreement, addition or product in ConnectWise.',
    answer: 'That is safe. TrueUp knows them by their ids.',
  },
  {
    question: 'One customer needs two lines, or two accounts belong on one line.',
    answer:
      'Both work: several mappings of one account with a split, or several accounts mapped to one addition, which are added together.',
  },
  {
    question: 'A customer has left.',
    answer: 'Unmap the account, or exclude it. What is already in ConnectWise stays until you end it there.',
  },
  {
    question: 'I corrected a quantity in ConnectWise. Will it be overwritten?',
    answer: 'No. The next run sees that it is not what TrueUp wrote and asks.',
  },
  {
    question: 'Nothing ran last night.',
    answer: 'Look at “Why did it not run?” at the top of this page.',
  },
]

export const Issues = () => (
  <section class="card" aria-labelledby="issues">
    <h2 id="issues">Common issues</h2>
    <List issues={issues} />
    <h3>Of invoice lines</h3>
    <List issues={lineIssues} />
  </section>
)

const List = ({ issues }: { issues: readonly Issue[] }) => (
  <dl class="issues">
    {issues.map(({ seen, cause, fix }) => (
      <>
        <dt>{seen}</dt>
        <dd>
          <p>{cause}</p>
          <p class="fix">{fix}</p>
        </dd>
      </>
    ))}
  </dl>
)

/** FEATURES Q13. */
export const Questions = () => (
  <section class="card" aria-labelledby="questions">
    <h2 id="questions">Questions</h2>
    {questions.map(({ question, answer }) => (
      <details>
        <summary>{question}</summary>
        <p>{answer}</p>
      </details>
    ))}
  </section>
)

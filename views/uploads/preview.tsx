import type { SourceKind } from '#billing/reading.ts'
import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'
import { GoTo } from '#views/screen.tsx'
import { UploadColumns } from './columns.tsx'
import { AccountLists, BadRows, counted, FirstRows, Totals } from './tables.tsx'

export interface Place {
  path: string
  message: string
}

/** A file as it was read. */
export interface SheetShown {
  kind: SourceKind
  shape: 'numbers' | 'users'
  encoding: string
  separator: string
  decimal?: '.' | ','
  days?: 'day-month' | 'month-day'
  header: readonly string[]
  fields: readonly { name: string; label: string; required: boolean; column?: string }[]
  metric: string
  currency: string
  rowCount: number
  blankCount: number
  questions: readonly Place[]
  bad: readonly Place[]
  gaveUp: boolean
  sample: readonly { row: number; values: Readonly<Record<string, string>> }[]
}

export interface PreviewProps {
  source: string
  file: string
  month: string
  sheet: SheetShown
  /** What a person said of how numbers and days are written. */
  told: { decimal?: '.' | ','; days?: 'day-month' | 'month-day' }
  complete: boolean
  accounts: number
  readings: number
  totals: readonly { name: string; quantity: string; accounts: number }[]
  /** What the source said last. */
  before?: { accounts: number; month: string }
  newcomers: readonly { id: string; name: string }[]
  missing: readonly { id: string; name: string }[]
  /** Sent along, so that what is imported is what was previewed. */
  passed: Readonly<Record<'hash' | 'header' | 'seen' | 'upload', string>>
}

/** How a file is read, and what it would say; the last button stores it. */
export const UploadPreview = (props: PreviewProps) => {
  const { sheet, passed, file } = props
  const isOpen = sheet.questions.length > 0
  return (
    <>
      <Announce>{summaryOf(props)}</Announce>
      {Object.entries(passed).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <h2>{file}</h2>
      <p>{detectedOf(sheet)}</p>
      {isOpen && <Questions questions={sheet.questions} />}
      <UploadColumns {...props} />
      {!isOpen && <Result {...props} />}
    </>
  )
}

function summaryOf({ sheet, accounts, readings }: PreviewProps): string {
  const { questions, bad } = sheet
  if (questions.length > 0) return 'Something must be said before the file can be read.'
  return `${counted(accounts, 'account')}, ${counted(readings, 'number')}, ${counted(bad.length, 'bad row')}.`
}

const kinds = { counts: 'counts', usage: 'usage by SKU', 'invoice-lines': 'invoice lines' }

function detectedOf({ kind, shape, encoding, separator, decimal, days, rowCount, blankCount }: SheetShown): string {
  const parts = [
    `${counted(rowCount, 'row')}${blankCount > 0 ? `, ${blankCount} of them blank` : ''}`,
    `${kinds[kind]}, one ${kind === 'invoice-lines' ? 'line' : shape === 'users' ? 'user' : 'number'} a row`,
    `encoding ${encoding}`,
    `separated by ${separator}`,
    ...(decimal ? [`numbers written ${decimal === '.' ? '1,234.56' : '1.234,56'}`] : []),
    ...(days ? [`days written ${days === 'day-month' ? '31/12/2026' : '12/31/2026'}`] : []),
  ]
  return `Read as: ${parts.join('; ')}.`
}

const Questions = ({ questions }: { questions: readonly Place[] }) => (
  <Notice kind="warning" title="Say first what the file does not say.">
    <ul>
      {questions.map(({ message }) => (
        <li>{message}</li>
      ))}
    </ul>
  </Notice>
)

const Result = (props: PreviewProps) => (
  <>
    <BadRows bad={props.sheet.bad} gaveUp={props.sheet.gaveUp} />
    <Totals {...props} />
    <AccountLists {...props} />
    <FirstRows sheet={props.sheet} />
    <Import {...props} />
  </>
)

/** With bad rows there are two ways on, and neither is taken silently. */
const Import = ({ source, sheet, complete, accounts, month }: PreviewProps) => {
  const { bad, gaveUp } = sheet
  const to = { post: `/sources/${source}/snapshots`, target: '#preview', swap: 'innerHTML', disable: 'this' } as const
  if (gaveUp || accounts === 0) return <p>There is nothing to import. Correct the file, then preview it again.</p>
  if (bad.length > 0)
    return (
      <>
        <p>
          Correct the file and preview it again, or import only its good rows. They count as a part then: numbers may go
          up, nothing is lowered.
        </p>
        <div class="actions">
          <button type="button" {...hx({ ...to, vals: { rows: 'good' } })}>
            Import the good rows as partial
          </button>
        </div>
      </>
    )
  return (
    <div class="actions">
      <button type="button" class="primary" {...hx(to)}>
        Import for {month}, {complete ? 'complete' : 'partial'}
      </button>
    </div>
  )
}

/** Why a file is not read or not stored. */
export const UploadRefused = ({ message, places }: { message: string; places: readonly Place[] }) => (
  <div class="notice error" role="alert" tabindex={-1} data-refusal>
    <span class="sign" aria-hidden="true">
      ✕
    </span>
    <div>
      <p class="title">{message}</p>
      <p>Nothing was stored; what the source said before stays in force.</p>
      {places.length > 0 && <BadRows bad={places} gaveUp={false} />}
    </div>
  </div>
)

export const Imported = (props: {
  source: string
  month: string
  complete: boolean
  accounts: number
  readings: number
}) => (
  <Notice kind="good" title={`Imported for ${props.month}, ${props.complete ? 'complete' : 'partial'}.`}>
    <p>
      {props.source} now says {counted(props.readings, 'number')} of {counted(props.accounts, 'account')}. The next run
      writes what is mapped and included.
    </p>
    <div class="actions">
      <GoTo path="/mappings">Mapping</GoTo>
      <GoTo path="/dashboard">Dashboard</GoTo>
    </div>
    <Announce>Imported.</Announce>
  </Notice>
)

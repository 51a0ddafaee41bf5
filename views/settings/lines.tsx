import type { ChargeKind } from '#billing/lines/line.ts'
import type { EndRule, LineSettings, NamedCharge, StartRule } from '#billing/lines/settings.ts'
import { type Choice, SelectField, TextField, Tick } from '#views/field.tsx'
import { EditsBar, ErrorSummary, type Errors, editsOf } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'

export interface LineRulesProps {
  rules: Omit<LineSettings, 'crossReferences'>
  /** Billing cycles, those of loaded lines among them; empty: lines that state none. */
  cycles: readonly string[]
  /** Charge types of loaded lines that TrueUp does not know. */
  unknown: readonly string[]
  /** Months with loaded lines, newest first. */
  months: readonly Choice[]
  /** What was typed, where it was refused. */
  typed?: Readonly<Record<string, string>>
  errors?: Errors
  saved?: boolean
}

/** Stands for the section until it is read. */
export const LineRulesLater = () => (
  <section
    class="card"
    id="line-rules"
    aria-labelledby="line-rules-title"
    {...hx({ get: '/settings/lines', trigger: 'load', swap: 'outerHTML' })}
  >
    <h2 id="line-rules-title">Invoice lines</h2>
    <p class="quiet" role="status">
      Reading …
    </p>
  </section>
)

/** How invoice lines become additions: where charges start and end, and what they are called (P4, P5, S13, S14). */
export const LineRulesSection = (props: LineRulesProps) => {
  const { rules, unknown, errors = {}, saved } = props
  return (
    <section class="card" id="line-rules" aria-labelledby="line-rules-title">
      <h2 id="line-rules-title">Invoice lines</h2>
      {saved && <Announce>Rules of invoice lines saved.</Announce>}
      <p class="hint">
        Rules work on lines that are loaded from now on. For lines loaded before, press Apply rules again above the list
        of invoice lines; posted lines never change. A day that a person typed beats every rule.
      </p>
      <form
        id="line-rules-form"
        data-edits={editsOf(errors)}
        {...hx({ post: '/settings/lines', target: '#line-rules', swap: 'outerHTML' })}
      >
        <ErrorSummary errors={errors} labels={labelsOf(props)} />
        <Ends {...props} />
        <Starts {...props} />
        <Names {...props} />
        {unknown.length > 0 && <Kinds {...props} />}
        <Tick
          label="Post with the daily run"
          name="daily"
          checked={rules.daily}
          hint="Fully mapped lines are posted every day without a click, inside the limits of Approvals. Off: with Sync only."
        />
        <Preview {...props} />
        <EditsBar save="Save line rules" errors={errors} path="/settings/lines" part="#line-rules" />
      </form>
    </section>
  )
}

const charges: Record<NamedCharge, string> = {
  CycleFee: 'it bills every cycle',
  PurchaseFee: 'it bills every cycle',
  UsageFee: 'the last day of the month it starts in',
  ItemFee: 'the last day of the month it starts in',
  OneTimeFee: 'the last day of the month it starts in',
  Correction: 'the end its source states, else the last day of the month it starts in',
}
const named = Object.keys(charges) as NamedCharge[]

const endRules: { value: EndRule; text: string }[] = [
  { value: 'source', text: 'As the source says' },
  { value: 'last-of-start-month', text: 'Last day of the month it starts in' },
  { value: 'last-of-invoice-month', text: 'Last day of the invoice month' },
  { value: 'first-of-following-month', text: 'First day of the month after the invoice' },
  { value: 'never', text: 'Never: it bills every cycle' },
]

const startRules: { value: StartRule; text: string }[] = [
  { value: 'first-of-start-month', text: 'First day of the month it starts in' },
  { value: 'first-of-invoice-month', text: 'First day of the invoice month' },
  { value: 'first-of-following-month', text: 'First day of the month after the invoice' },
  { value: 'invoice-date', text: 'Day of the invoice' },
]

const none = { value: '', text: 'No rule' }

const Ends = ({ rules, typed, errors = {} }: LineRulesProps) => (
  <fieldset>
    <legend>Where charges end: the cancelled date</legend>
    <div class="fields">
      {named.map((charge) => (
        <SelectField
          label={charge}
          name={`end.${charge}`}
          value={typed?.[`end.${charge}`] ?? rules.ends[charge] ?? ''}
          hint={`Without a rule: ${charges[charge]}`}
          choices={[none, ...endRules]}
          {...wrong(errors[`end.${charge}`])}
        />
      ))}
    </div>
    <p class="hint">A UserCorrection and every line of a custom invoice go with Correction.</p>
  </fieldset>
)

const Starts = ({ rules, cycles, typed, errors = {} }: LineRulesProps) => (
  <fieldset>
    <legend>Where charges start: the effective date</legend>
    <p class="hint">By billing cycle. Without a rule: the day the source says.</p>
    <div class="fields">
      {cycles.map((cycle, n) => (
        <div>
          <input type="hidden" name={`cycle.${n}`} value={cycle} />
          <SelectField
            label={cycleName(cycle)}
            name={`start.${n}`}
            value={typed?.[`start.${n}`] ?? rules.starts[cycle] ?? ''}
            choices={[none, ...startRules]}
            {...wrong(errors[`start.${n}`])}
          />
        </div>
      ))}
    </div>
  </fieldset>
)

const cycleName = (cycle: string): string =>
  cycle === '' ? 'Without a billing cycle' : `${cycle.slice(0, 1).toUpperCase()}${cycle.slice(1)}`

const Names = ({ rules, typed, errors = {} }: LineRulesProps) => (
  <fieldset>
    <legend>What charges are called in ConnectWise</legend>
    <div class="fields">
      {named.map((charge) => (
        <TextField
          label={`Name of ${charge}`}
          name={`name.${charge}`}
          value={typed?.[`name.${charge}`] ?? rules.names[charge] ?? ''}
          placeholder={charge}
          {...wrong(errors[`name.${charge}`])}
        />
      ))}
    </div>
    <p class="hint">
      Printed behind the subscription’s name in the invoice description. Empty: the charge type’s own name.
    </p>
  </fieldset>
)

const kinds: { value: ChargeKind; text: string }[] = [
  { value: 'recurring', text: 'Recurring: one addition, billed every cycle' },
  { value: 'one-time', text: 'One-time: an addition of its own for each line' },
]

/** Their lines stay Not Synced until somebody says how they are billed (FEATURES 4.2). */
const Kinds = ({ rules, unknown, typed, errors = {} }: LineRulesProps) => (
  <fieldset>
    <legend>Charge types that TrueUp does not know</legend>
    <p class="hint">Their lines are not synced before you say how they are billed.</p>
    <div class="fields">
      {unknown.map((charge, n) => (
        <div>
          <input type="hidden" name={`charge.${n}`} value={charge} />
          <SelectField
            label={charge}
            name={`kind.${n}`}
            value={typed?.[`kind.${n}`] ?? rules.kinds[charge] ?? ''}
            choices={[{ value: '', text: 'Not known yet: not synced' }, ...kinds]}
            {...wrong(errors[`kind.${n}`])}
          />
        </div>
      ))}
    </div>
  </fieldset>
)

/** What the rules on screen would do, before they are saved. */
const Preview = ({ months }: LineRulesProps) => (
  <fieldset>
    <legend>What these rules would do</legend>
    {months.length === 0 ? (
      <p class="quiet">Once invoice lines are loaded, this shows which of them the rules above would change.</p>
    ) : (
      <>
        <div class="toolbar">
          <SelectField label="Lines of" name="month" choices={months} />
          <button
            type="button"
            {...hx({
              post: '/settings/lines/preview',
              target: '#rules-preview',
              swap: 'innerHTML',
              include: '#line-rules-form',
              disable: 'this',
            })}
          >
            Preview
          </button>
        </div>
        <div id="rules-preview" />
      </>
    )}
  </fieldset>
)

const labelsOf = ({ cycles, unknown }: LineRulesProps): Record<string, string> =>
  Object.fromEntries([
    ...named.map((charge) => [`end.${charge}`, `End of ${charge}`]),
    ...named.map((charge) => [`name.${charge}`, `Name of ${charge}`]),
    ...cycles.map((cycle, n) => [`start.${n}`, `Start, ${cycleName(cycle)}`]),
    ...unknown.map((charge, n) => [`kind.${n}`, charge]),
  ])

const wrong = (error: string | undefined) => (error === undefined ? {} : { error })

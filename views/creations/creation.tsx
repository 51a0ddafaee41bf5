import type { Child } from 'hono/jsx'
import { type Choice, FieldError, SelectField, TextField } from '#views/field.tsx'
import { ErrorSummary, type Errors, editsOf } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { Notice } from '#views/notice.tsx'
import { RecipeOf } from '#views/recipe.tsx'
import { HubScreen, type Standing } from '#views/screen.tsx'

/** What ConnectWise holds already and may be what is meant. */
export interface Twin {
  id: number
  name: string
  /** What tells it from others, with its id. */
  detail: string
  /** Why it is shown: `the same name`. */
  why: string
  /** Why it cannot be used. */
  refused?: string
}

export interface CreationProps {
  standing: Standing
  record: 'company' | 'agreement' | 'product'
  /** What it is made for, in words: `Contoso Ltd of Platform`. */
  purpose: string
  /** Who gets it: sent along with the form. */
  asked: Readonly<Record<string, string>>
  /** Where Cancel leads. */
  back: string
  /** By name, as proposed or as typed. */
  fields: Readonly<Record<string, string>>
  errors: Errors
  twins: readonly Twin[]
  /** The form was sent although there are twins: whoever sends it again says that none of them is meant. */
  askAgain: boolean
}

/** A form for a record that TrueUp makes in ConnectWise with the next approved plan (FEATURES M5). */
export const CreationScreen = (
  props: CreationProps & { labels: Readonly<Record<string, string>>; children?: Child },
) => {
  const { standing, record, purpose, asked, back, errors, labels, twins, children } = props
  return (
    <HubScreen standing={standing} place="/mappings" title={`Create ${articled(record)} for ${purpose}`}>
      <p>
        Nothing is made at once: the {record} is part of the next plan, where a person approves it with everything that
        is to be written.
      </p>
      <section class="card" id="creation" aria-labelledby="creation-title">
        <h2 id="creation-title">The new {record}</h2>
        <form
          data-edits={editsOf(errors)}
          {...hx({ post: `/creations/${record}`, target: '#main', swap: 'innerHTML' })}
        >
          <ErrorSummary errors={errors} labels={{ ...labels, despite: 'One like it' }} />
          {Object.entries(asked).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <div id="twins" aria-live="polite">
            <Twins record={record} twins={twins} askAgain={props.askAgain} />
          </div>
          {children}
          <div class="actions">
            <button type="submit" class="primary">
              Save for the next plan
            </button>
            <button type="button" {...hx({ get: back, target: '#main', swap: 'innerHTML' })}>
              Cancel
            </button>
          </div>
        </form>
        <p class="hint">Or make it in ConnectWise by hand; it can be picked as soon as it is there.</p>
        <RecipeOf name={record} />
      </section>
    </HubScreen>
  )
}

const articled = (record: CreationProps['record']): string => (record === 'agreement' ? `an ${record}` : `a ${record}`)

/** What may be meant instead; each is used with one press, and only then is another one made. */
const Twins = ({ record, twins, askAgain }: Pick<CreationProps, 'record' | 'twins' | 'askAgain'>) =>
  twins.length === 0 ? null : (
    <Notice kind="warning" title={`ConnectWise has ${twins.length === 1 ? 'one like it' : 'some like it'} already`}>
      <ul class="lines">
        {twins.map((twin) => (
          <li>
            <span class="name">{twin.name}</span>
            <span class="reason">
              {twin.detail}: {twin.why}
              {twin.refused && `; not offered: ${twin.refused}`}
            </span>
            {twin.refused === undefined && (
              <span class="more">
                <button
                  type="button"
                  {...hx({
                    post: `/creations/${record}`,
                    target: '#main',
                    swap: 'innerHTML',
                    vals: { use: String(twin.id) },
                  })}
                >
                  Use this one
                  <span class="visually-hidden">: {twin.name}</span>
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {askAgain && (
        <div class="tick">
          <input type="checkbox" id="despite" name="despite" />
          <label for="despite">None of them is meant: make another {record}</label>
        </div>
      )}
    </Notice>
  )

/** The answer to a field that was left: what is wrong with it, and what else the form says of what is typed by now. */
export const Checked = (
  props: { error: string | undefined; facts?: Child } & Pick<CreationProps, 'record' | 'twins'>,
) => (
  <>
    <FieldError error={props.error} />
    <div id="twins" hx-swap-oob="innerHTML">
      <Twins record={props.record} twins={props.twins} askAgain={false} />
    </div>
    {props.facts && (
      <div id="facts" hx-swap-oob="innerHTML">
        {props.facts}
      </div>
    )}
  </>
)

type FieldOf = Pick<CreationProps, 'record' | 'fields' | 'errors'> & {
  name: string
  label: string
  hint?: string
}

const wrong = (error: string | undefined) => (error === undefined ? {} : { error })

/** Checks the field when it is left, without touching what is typed. */
const checkOf = (record: CreationProps['record'], name: string) =>
  hx({
    post: `/creations/${record}/checks`,
    trigger: 'change',
    target: `#${name}-error`,
    swap: 'innerHTML',
    vals: { field: name },
  })

export const CheckedText = ({
  record,
  fields,
  errors,
  name,
  type,
  ...same
}: FieldOf & { type?: 'text' | 'date' | 'email' }) => (
  <TextField
    {...same}
    {...wrong(errors[name])}
    {...(type ? { type } : {})}
    name={name}
    value={fields[name] ?? ''}
    check={checkOf(record, name)}
  />
)

export const CheckedSelect = ({
  record,
  fields,
  errors,
  name,
  choices,
  ...same
}: FieldOf & { choices: readonly Choice[] }) => (
  <SelectField
    {...same}
    {...wrong(errors[name])}
    name={name}
    value={fields[name] ?? ''}
    choices={withEmpty(choices, fields[name] ?? '')}
    check={checkOf(record, name)}
  />
)

/** Nothing is chosen for anybody: where no default fits, the list starts with a question. */
const withEmpty = (choices: readonly Choice[], value: string): readonly Choice[] =>
  choices.some((choice) => choice.value === value) ? choices : [{ value: '', text: 'Choose …' }, ...choices]

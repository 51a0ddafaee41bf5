import { ToBeMade } from '#views/badge.tsx'
import { Combobox } from '#views/combobox.tsx'
import { hx } from '#views/hx.ts'
import { GoTo } from '#views/screen.tsx'
import { asked, RowButton } from './button.tsx'
import type { AccountLine } from './line.ts'

const saving = (line: AccountLine, path: string, more: { vals?: Record<string, string>; include?: string } = {}) =>
  hx({
    post: path,
    target: `#${line.id}`,
    swap: 'outerHTML',
    vals: { ...asked(line), ...more.vals },
    ...(more.include ? { include: more.include } : {}),
  })

/** The company, saved the moment it is picked (M1, M4). */
export const CompanyPicker = ({ line }: { line: AccountLine }) => (
  <>
    <Combobox
      id={`${line.id}-company`}
      label={`Company of ${line.name}`}
      bare
      name="company"
      source="/pickers/companies"
      value={line.company ? String(line.company.id) : ''}
      text={line.company?.name ?? ''}
      placeholder="Search companies"
      save={saving(line, '/mappings/company')}
    />
    {line.company?.detail && <span class="quiet small">{line.company.detail}</span>}
    {line.company?.toBeMade && <ToBeMade />}
    {line.creates.includes('company') && <Create line={line} record="company" />}
    {line.targets.length > 0 && (
      <p class="quiet small">
        Another company ends {line.targets.length === 1 ? 'its mapping' : `its ${line.targets.length} mappings`}; what
        was written stays in ConnectWise.
      </p>
    )}
  </>
)

/** Agreement, then addition or product; with targets already, one more (M2, M3, V12). */
export const PlacePickers = ({ line }: { line: AccountLine }) => {
  if (line.ofLines) return <LinesPlace line={line} isShared={line.ofLines.isShared} />
  const only = line.targets.length === 1 ? line.targets[0] : undefined
  const agreement = line.targets.length > 1 ? line.agreement : (only?.agreement ?? line.agreement)
  return (
    <>
      <Combobox
        id={`${line.id}-agreement`}
        label={`Agreement of ${line.name}`}
        bare
        name="agreement"
        source={`/pickers/agreements?company=${line.company?.id}`}
        value={agreement ? String(agreement.id) : ''}
        text={agreement?.name ?? ''}
        placeholder="Search agreements"
        save={saving(line, '/mappings/agreement')}
      />
      {agreement?.toBeMade && <ToBeMade />}
      {line.creates.includes('agreement') && <Create line={line} record="agreement" />}
      {agreement && <TargetPicker line={line} agreement={agreement.id} only={only?.mapping} name={only?.name} />}
      {only?.toBeMade && <ToBeMade />}
      {only && (
        <p>
          <GoTo path={`/mappings/${only.mapping}`}>Rule and history</GoTo>
        </p>
      )}
      {agreement && only && <More line={line} agreement={agreement.id} />}
      {(line.company || line.targets.length > 0) && <Unmap line={line} />}
    </>
  )
}

/** Where its invoice lines go that name no agreement themselves; none: one is made for them (4.3). */
const LinesPlace = ({ line, isShared }: { line: AccountLine; isShared: boolean }) => (
  <>
    <Combobox
      id={`${line.id}-agreement`}
      label={`Agreement of ${line.name}`}
      bare
      name="agreement"
      source={`/pickers/agreements?company=${line.company?.id}`}
      value={line.agreement ? String(line.agreement.id) : ''}
      text={line.agreement?.name ?? ''}
      placeholder={isShared ? 'each line names its own' : 'none: one new agreement of the default type'}
      save={saving(line, '/mappings/agreement')}
    />
    {line.agreement?.toBeMade && <ToBeMade />}
    {line.agreement && (
      <RowButton line={line} path="/mappings/agreement" vals={{ agreement: '' }} id="no-agreement">
        No agreement<span class="visually-hidden"> for {line.name}</span>
      </RowButton>
    )}
    {line.creates.includes('agreement') && <Create line={line} record="agreement" />}
    <Unmap line={line} />
  </>
)

const TargetPicker = (props: {
  line: AccountLine
  agreement: number
  only: string | undefined
  name: string | undefined
}) => {
  const { line, agreement, only, name } = props
  const readsId = `${line.id}-reads`
  const choice = only === undefined && line.reads.length > 1
  return (
    <>
      {choice && <Reads line={line} id={readsId} />}
      <Combobox
        id={`${line.id}-target`}
        label={`Addition or product of ${line.name}`}
        bare
        name="target"
        source={targets(line, agreement)}
        value=""
        text={name ?? ''}
        placeholder={line.targets.length > 1 ? 'Add another target' : 'Search additions and products'}
        save={saving(line, '/mappings/target', {
          ...(only === undefined ? {} : { vals: { mapping: only } }),
          ...(choice ? { include: `#${readsId}` } : {}),
        })}
      />
      {line.creates.includes('product') && <Create line={line} record="product" mapping={only} />}
    </>
  )
}

/** To a form of its own: what is missing in ConnectWise is made with the next approved plan (M5). */
const Create = ({
  line,
  record,
  mapping,
}: {
  line: AccountLine
  record: AccountLine['creates'][number]
  mapping?: string | undefined
}) => (
  <button
    type="button"
    class="link"
    id={`${line.id}-create-${record}`}
    {...hx({ get: creationPath(line, record, mapping), target: '#main', swap: 'innerHTML' })}
  >
    Create {record}…<span class="visually-hidden"> for {line.name}</span>
  </button>
)

const creationPath = ({ source, account }: AccountLine, record: string, mapping: string | undefined): string =>
  `/creations/${record}?${new URLSearchParams({ source, account, ...(mapping === undefined ? {} : { mapping }) })}`

/** One reading may feed several additions, split by the rule; several readings one each. */
const More = ({ line, agreement }: { line: AccountLine; agreement: number }) => (
  <details>
    <summary>Add another target</summary>
    {line.reads.length > 1 && <Reads line={line} id={`${line.id}-reads-more`} />}
    <Combobox
      id={`${line.id}-another`}
      label={`Another addition or product of ${line.name}`}
      bare
      name="target"
      source={targets(line, agreement)}
      value=""
      text=""
      placeholder="Search additions and products"
      save={saving(line, '/mappings/target', line.reads.length > 1 ? { include: `#${line.id}-reads-more` } : {})}
    />
  </details>
)

const targets = ({ source }: AccountLine, agreement: number): string =>
  `/pickers/additions?${new URLSearchParams({ agreement: String(agreement), source })}`

const Reads = ({ line, id }: { line: AccountLine; id: string }) => (
  <>
    <label for={id} class="visually-hidden">
      What is read for {line.name}
    </label>
    <select id={id} name="reads">
      {line.reads.map(({ value, text }) => (
        <option value={value}>{text}</option>
      ))}
    </select>
  </>
)

const Unmap = ({ line }: { line: AccountLine }) => (
  <RowButton line={line} path="/mappings/removal" vals={{}} id="unmap" confirm={unmapQuestion(line.name)}>
    Unmap<span class="visually-hidden"> {line.name}</span>
  </RowButton>
)

/** M19 in words. */
export const unmapQuestion = (name: string): string =>
  `Unmap ${name}? Nothing is read for it any more from the next sync on. What was written stays in ConnectWise as it is; only you can end or delete it there.`

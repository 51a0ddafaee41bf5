import type { Child } from 'hono/jsx'
import { hx } from './hx.ts'

export interface Column {
  text: string
  /** Numbers are right-aligned. */
  number?: boolean
  /** Where room is short, columns of a higher number go first (FEATURES 8.5); absent: it stays. */
  room?: 1 | 2 | 3
  /** Read, not shown. */
  hidden?: boolean
  /** Where the rows come from in the order of this column, and how it is ordered by now. */
  sort?: { path: string; target: string; now?: 'ascending' | 'descending' }
}

/** A real table inside a region that scrolls by itself. Cells that go with their column carry `class="room-2"` too. */
export const Table = ({
  caption,
  columns,
  id,
  children,
}: {
  caption: string
  columns: readonly Column[]
  id?: string
  children?: Child
}) => (
  <section class="grid" aria-label={`Table: ${caption}`} tabindex={0}>
    <table id={id}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ text, number, room, hidden, sort }) => (
            <th
              scope="col"
              aria-sort={sort?.now}
              class={[number ? 'number' : '', room ? `room-${room}` : ''].join(' ').trim() || undefined}
            >
              {sort ? (
                <SortButton {...sort} text={text} />
              ) : hidden ? (
                <span class="visually-hidden">{text}</span>
              ) : (
                text
              )}
            </th>
          ))}
        </tr>
      </thead>
      {children}
    </table>
  </section>
)

/** A button; where the header is only read, the name alone. */
const SortButton = ({ path, target, now, text }: NonNullable<Column['sort']> & { text: string }) => (
  <>
    <button type="button" class="link sort" id={`sort-${text}`} {...hx({ get: path, target })}>
      {text}
      {now && <span aria-hidden="true">{now === 'ascending' ? ' ↑' : ' ↓'}</span>}
    </button>
    <span class="sort-name">{text}</span>
  </>
)

/** `1 2 3 … 40`, as buttons that replace the target. `path` gets `page=N` appended. */
export const Pager = ({
  path,
  page,
  pages,
  target,
  include,
  swap,
}: {
  path: string
  page: number
  pages: number
  target: string
  include?: string
  /** Absent: the page replaces what is in the target. */
  swap?: 'outerHTML'
}) =>
  pages <= 1 ? null : (
    <nav class="pager" aria-label="Pages">
      <PageButton {...{ path, target, include, swap }} to={page - 1} text="Previous" off={page <= 1} />
      <span>
        Page {page} of {pages}
      </span>
      <PageButton {...{ path, target, include, swap }} to={page + 1} text="Next" off={page >= pages} />
    </nav>
  )

const PageButton = (props: {
  path: string
  target: string
  include: string | undefined
  swap: 'outerHTML' | undefined
  to: number
  text: string
  off: boolean
}) => (
  <button
    type="button"
    disabled={props.off}
    {...hx({
      get: `${props.path}${props.path.includes('?') ? '&' : '?'}page=${props.to}`,
      target: props.target,
      ...(props.include ? { include: props.include } : {}),
      ...(props.swap ? { swap: props.swap } : {}),
    })}
  >
    {props.text}
  </button>
)

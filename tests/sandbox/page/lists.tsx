import type { Context } from 'hono'
import type { CompanyRecord, World } from '../manage/world.ts'

/** What a search field holds and which page is shown, from 1. */
export interface Search {
  text: string
  page: number
}

const pageSize = 50

export const searchOf = ({ req }: Context): Search => ({
  text: (req.query('search') ?? '').trim(),
  page: Math.max(1, Number(req.query('page')) || 1),
})

/** Whether any of the texts contains what is searched for, without case. */
export const matches = ({ text }: Search, ...texts: readonly (string | number)[]): boolean =>
  texts.some((one) => String(one).toLowerCase().includes(text.toLowerCase()))

export const pageOf = <R,>(rows: readonly R[], { page }: Search): readonly R[] =>
  rows.slice((page - 1) * pageSize, page * pageSize)

/** The search field over a list, and the links to its other pages. */
export const Finder = ({ search, found, what }: { search: Search; found: number; what: string }) => (
  <>
    <search>
      <form method="get">
        <label for="search">Search {what}</label>
        <input id="search" name="search" type="search" value={search.text} />
        <button type="submit">Search</button>
      </form>
    </search>
    <p role="status">
      {found} {what}
      {found > pageSize && `, page ${search.page} of ${Math.ceil(found / pageSize)}`}
    </p>
    <p class="tools">
      {search.page > 1 && <a href={addressOf(search, search.page - 1)}>Previous page</a>}
      {search.page * pageSize < found && <a href={addressOf(search, search.page + 1)}>Next page</a>}
    </p>
  </>
)

const addressOf = ({ text }: Search, page: number): string =>
  `?${new URLSearchParams({ search: text, page: `${page}` })}`

export const CompanyTable = ({ world, companies }: { world: World; companies: readonly CompanyRecord[] }) => (
  <table>
    <caption>Companies</caption>
    <thead>
      <tr>
        <th scope="col">Company</th>
        <th scope="col">Id</th>
        <th scope="col" class="number">
          Number
        </th>
        <th scope="col">Status</th>
      </tr>
    </thead>
    <tbody>
      {companies.map(({ id, name, identifier, status }) => (
        <tr>
          <td>
            <a href={`/companies/${id}`}>{name}</a>
          </td>
          <td>{identifier}</td>
          <td class="number">{id}</td>
          <td>{world.companyStatuses.get(status.id)?.name}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

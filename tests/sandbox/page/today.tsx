import type { AdditionRecord, World } from '../manage/world.ts'
import { Author } from './parts.tsx'

const changesShown = 12

/** Counts, and the additions changed last. */
export const TodayOverview = ({ world }: { world: World }) => (
  <>
    <ul class="counts">
      <li>{world.companies.size} companies</li>
      <li>{world.agreements.size} agreements</li>
      <li>{world.additions.size} additions</li>
    </ul>
    <table>
      <caption>Additions changed last</caption>
      <thead>
        <tr>
          <th scope="col">Company</th>
          <th scope="col">Product</th>
          <th scope="col" class="number">
            Quantity
          </th>
          <th scope="col">Changed by</th>
          <th scope="col">On</th>
        </tr>
      </thead>
      <tbody>
        {changedLast(world).map((addition) => (
          <ChangedRow world={world} addition={addition} />
        ))}
      </tbody>
    </table>
  </>
)

const changedLast = ({ additions }: World): AdditionRecord[] =>
  additions
    .rows()
    .toSorted((a, b) => b._info.lastUpdated.localeCompare(a._info.lastUpdated))
    .slice(0, changesShown)

const ChangedRow = ({ world, addition }: { world: World; addition: AdditionRecord }) => {
  const { agreementId, product, quantity, _info } = addition
  const company = world.companies.get(world.agreements.get(agreementId)?.company.id ?? 0)
  return (
    <tr>
      <td>{company?.name}</td>
      <td>
        <a href={`/agreements/${agreementId}`}>{world.products.get(product.id)?.description}</a>
      </td>
      <td class="number">{quantity}</td>
      <td>
        <Author world={world} identifier={_info.updatedBy} />
      </td>
      <td>{_info.lastUpdated.slice(0, 16).replace('T', ' ')} UTC</td>
    </tr>
  )
}

import { dayOf } from '../manage/calendar.ts'
import { billedQuantity, statusOf } from '../manage/invoicing.ts'
import type { AdditionRecord, AgreementRecord, World } from '../manage/world.ts'
import { Documents } from './documents.tsx'
import { Author, SaveProblems } from './parts.tsx'

interface AgreementProps {
  world: World
  agreement: AgreementRecord
  here: string
  mayEdit: boolean
  problems: readonly string[]
  today: string
}

export const AgreementOverview = ({ world, agreement, here, mayEdit, problems, today }: AgreementProps) => {
  const currency = world.currencies.get(agreement.currency?.id ?? 1)?.currencyIdentifier
  return (
    <>
      <SaveProblems problems={problems} />
      <dl>
        <dt>Company</dt>
        <dd>
          <a href={`/companies/${agreement.company.id}`}>{world.companies.get(agreement.company.id)?.name}</a>
        </dd>
        <dt>Type</dt>
        <dd>{world.agreementTypes.get(agreement.type.id)?.name}</dd>
        <dt>Status</dt>
        <dd>{statusOf(agreement, today)}</dd>
        <dt>Billing cycle</dt>
        <dd>{world.billingCycles.get(agreement.billingCycle.id)?.name}</dd>
        <dt>Next invoice</dt>
        <dd>{agreement.nextInvoiceDate}</dd>
      </dl>
      <form method="post" action={here} data-save>
        <div class="scroll">
          <table>
            <caption>Additions</caption>
            <thead>
              <tr>
                <th scope="col">Product</th>
                <th scope="col" class="number">
                  Quantity
                </th>
                <th scope="col">Changed by</th>
                <th scope="col" class="number">
                  Less included
                </th>
                <th scope="col" class="number">
                  Billed
                </th>
                <th scope="col" class="number">
                  Price, {currency}
                </th>
                <th scope="col">Effective</th>
                <th scope="col">Cancelled</th>
              </tr>
            </thead>
            <tbody>
              {world.additions.of(agreement.id).map((addition) => (
                <AdditionRow world={world} addition={addition} mayEdit={mayEdit} />
              ))}
            </tbody>
          </table>
        </div>
        {mayEdit ? <button type="submit">Save</button> : <p>You may not edit agreements.</p>}
      </form>
      <Documents world={world} agreement={agreement} />
    </>
  )
}

const AdditionRow = ({ world, addition, mayEdit }: { world: World; addition: AdditionRecord; mayEdit: boolean }) => {
  const { id, product, quantity, lessIncluded, unitPrice, effectiveDate, cancelledDate, _info } = addition
  const description = world.products.get(product.id)?.description
  return (
    <tr data-addition={id}>
      <th scope="row">
        {description} ({id})
      </th>
      <td class="number">{mayEdit ? <Quantity id={id} quantity={quantity} description={description} /> : quantity}</td>
      <td>
        <Author world={world} identifier={_info.updatedBy} />
      </td>
      <td class="number">{lessIncluded}</td>
      <td class="number">{billedQuantity(addition)}</td>
      <td class="number">{unitPrice}</td>
      <td>{dayOf(effectiveDate)}</td>
      <td>{dayOf(cancelledDate)}</td>
    </tr>
  )
}

const Quantity = ({ id, quantity, description }: { id: number; quantity: number; description: string | undefined }) => (
  <input
    name={`quantity-${id}`}
    type="number"
    step="any"
    required
    value={String(quantity)}
    aria-label={`Quantity of ${description}, addition ${id}`}
  />
)

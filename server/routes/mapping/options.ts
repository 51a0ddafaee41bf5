import type { Addition, Agreement, Company, Product } from '#billing/existing.ts'
import { isToBeMade } from '#billing/record.ts'
import type { Option } from '#views/combobox.tsx'

const refused = (why: string | undefined) => (why === undefined ? {} : { disabled: true, why: `not offered: ${why}` })

const joined = (parts: readonly (string | undefined | false)[]): string => parts.filter(Boolean).join(' · ')

const waiting = 'to be made with the next approved plan'

/** A company as pickers show it: name and identifier, status, types, id; one with a namesake in sight says so (V20). */
export function companyOption(company: Company, all: readonly Company[], why?: string): Option {
  const { id, name, identifier, statusName, types = [], deleted } = company
  if (isToBeMade(id)) return { id: String(id), text: name, detail: joined([identifier, waiting]) }
  const isTwin = all.some((other) => other.id !== id && other.name === name)
  return {
    id: String(id),
    text: name,
    detail: joined([
      identifier,
      statusName,
      types.join(', '),
      deleted && 'deleted',
      `id ${id}`,
      isTwin && 'same name twice',
    ]),
    ...refused(why),
  }
}

/** An agreement with what tells it from others: type, parent, currency, next invoice. */
export function agreementOption(agreement: Agreement, all: readonly Agreement[], why?: string): Option {
  const { id, name, typeName, status, parentId, currency, nextInvoiceOn, startOn } = agreement
  if (isToBeMade(id))
    return { id: String(id), text: name, detail: joined([typeName, startOn && `from ${startOn}`, waiting]) }
  const parent = all.find((other) => other.id === parentId)
  return {
    id: String(id),
    text: name,
    detail: joined([
      typeName,
      status,
      parentId !== undefined && `child of ${parent?.name ?? 'agreement'} ${parentId}`,
      currency,
      nextInvoiceOn && `next invoice ${nextInvoiceOn}`,
      `id ${id}`,
    ]),
    ...refused(why),
  }
}

/** An addition by its product, with quantity and dates; its price where the viewer may see it. */
export function additionOption(
  addition: Addition,
  product: Product | undefined,
  { money, other, why }: { money: boolean; other: boolean; why: string | undefined },
): Option {
  const { id, productId, description, quantity, unitPrice, effectiveOn, cancelledOn } = addition
  const text = product?.identifier || description || `Product ${productId}`
  return {
    id: `addition:${id}`,
    text,
    detail: joined([
      other && 'other product: not the one of this source',
      description !== text && description,
      `quantity ${quantity}`,
      money && unitPrice !== undefined && `price ${unitPrice}`,
      effectiveOn && `from ${effectiveOn}`,
      cancelledOn && `to ${cancelledOn}`,
      `id ${id}`,
    ]),
    ...refused(why),
  }
}

/** A product of the catalogue: id, description, class, state (M13). */
export function productOption(product: Product, id: string, why?: string): Option {
  const { identifier, description, productClass, inactive } = product
  if (isToBeMade(product.id)) return { id, text: identifier, detail: joined([description, waiting]) }
  return {
    id,
    text: identifier,
    detail: joined([description, productClass, inactive && 'inactive', `id ${product.id}`]),
    ...refused(why),
  }
}

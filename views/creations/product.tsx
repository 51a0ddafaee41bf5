import type { Choice } from '#views/field.tsx'
import { CheckedSelect, CheckedText, type CreationProps, CreationScreen } from './creation.tsx'

const productLabels = {
  identifier: 'Product id',
  description: 'Description',
  subcategoryId: 'Category › subcategory',
  typeId: 'Type',
  unitOfMeasureId: 'Unit of measure',
  cost: 'Cost',
  price: 'Price',
  crossReference: 'Integration cross-reference',
}

export type ProductCreationProps = CreationProps & {
  subcategories: readonly Choice[]
  types: readonly Choice[]
  units: readonly Choice[]
}

/** A new product of the catalogue (FEATURES S4, Q6, M24). */
export const ProductCreation = ({ subcategories, types, units, ...props }: ProductCreationProps) => (
  <CreationScreen {...props} labels={productLabels}>
    <div class="fields">
      <CheckedText
        {...props}
        name="identifier"
        label={productLabels.identifier}
        hint="At most 75 characters, used by no other product; the SKU is a good one"
      />
      <CheckedText
        {...props}
        name="description"
        label={productLabels.description}
        hint="At most 60 characters; it is printed on invoices"
      />
      <CheckedSelect
        {...props}
        name="subcategoryId"
        label={productLabels.subcategoryId}
        choices={subcategories}
        hint="Managed Services for cloud services"
      />
      <CheckedSelect
        {...props}
        name="typeId"
        label={productLabels.typeId}
        choices={types}
        hint="Fixed Cost Service; Software for a one-time licence"
      />
      <CheckedSelect
        {...props}
        name="unitOfMeasureId"
        label={productLabels.unitOfMeasureId}
        choices={units}
        hint="Month, or each user for seats"
      />
      <CheckedText {...props} name="cost" label={productLabels.cost} hint="Optional, per unit" />
      <CheckedText {...props} name="price" label={productLabels.price} hint="Optional, per unit" />
      <CheckedText
        {...props}
        name="crossReference"
        label={productLabels.crossReference}
        hint="Optional, at most 50 characters: the SKU or offer, so that it is recognised"
      />
    </div>
  </CreationScreen>
)

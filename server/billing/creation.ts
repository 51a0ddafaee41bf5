/** What TrueUp may make in ConnectWise (FEATURES section 2), and the values new records get. Ids are ConnectWise's. */
export interface CreationPolicy {
  /** ask: every creation is held for a person. */
  companies: 'off' | 'ask'
  agreements: 'off' | 'ask' | 'automatic'
  products: 'off' | 'ask'
  companyStatusId?: number
  companyTypeId?: number
  productCategoryId?: number
  productSubcategoryId?: number
  productTypeId?: number
  productUnitId?: number
}

export const plainCreation: CreationPolicy = { companies: 'ask', agreements: 'ask', products: 'ask' }

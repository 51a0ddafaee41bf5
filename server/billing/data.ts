import { type WritableField, writableFields } from './rule.ts'

/** What is written of a source, each its own switch (FEATURES S3); a mapping may say otherwise for quantity, cost and price. */
export interface DataSwitches {
  quantity: boolean
  /** The unit cost of the addition (S6). */
  cost: boolean
  /** The unit price of the addition (S7). */
  price: boolean
  /** The cost in the catalogue (S6); every change of it is held. */
  catalogueCost: boolean
  /** A SKU without a product becomes one (S4). */
  products: boolean
  /** A CSV of the users attached to the agreement (S8). */
  userList: boolean
  /** Users become contacts of the mapped company (S19). */
  contacts: boolean
  /** A contact that TrueUp made is set inactive once its user has left. */
  inactiveContacts: boolean
}

/** What of an addition these switches let write, in the order in which people read it. */
export const writesOf = (data: DataSwitches): WritableField[] => writableFields.filter((field) => data[field])

export const plainData: DataSwitches = {
  quantity: true,
  cost: false,
  price: false,
  catalogueCost: false,
  products: false,
  userList: false,
  contacts: false,
  inactiveContacts: false,
}

export const switchNames = Object.keys(plainData) as readonly (keyof DataSwitches)[]

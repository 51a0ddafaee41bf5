import { additions } from './additions.ts'
import { agreementRecaps, agreements, agreementTypes } from './agreements.ts'
import { categories, products, productTypes, subcategories, unitsOfMeasure } from './catalogue.ts'
import { communicationTypes, companies, companyStatuses, companyTypes, contacts, sites } from './companies.ts'
import { customFieldDefinitions } from './custom-fields.ts'
import type { Noun } from './noun.ts'
import {
  billingCycles,
  callbacks,
  currencies,
  documents,
  hostedScreens,
  hostedSetups,
  memberInfos,
  members,
} from './system.ts'

/** Every endpoint that is a list of records; the more specific path comes first. */
export const nouns: readonly Noun[] = [
  agreementTypes,
  agreementRecaps,
  additions,
  agreements,
  companyStatuses,
  companyTypes,
  sites,
  companies,
  contacts,
  communicationTypes,
  products,
  categories,
  subcategories,
  productTypes,
  unitsOfMeasure,
  currencies,
  billingCycles,
  members,
  memberInfos,
  hostedScreens,
  hostedSetups,
  callbacks,
  customFieldDefinitions,
  documents,
]

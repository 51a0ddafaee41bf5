import type {
  AgreementRecord,
  AgreementTypeRecord,
  BillingCycleRecord,
  CompanyRecord,
  ContactRecord,
  CurrencyRecord,
  CustomFieldRecord,
  DocumentRecord,
  HostedScreenRecord,
  InvoiceRecord,
  MemberRecord,
  NamedRecord,
  ProductRecord,
  Row,
  SiteRecord,
} from './records.ts'
import { allRights, type Rights } from './rights.ts'
import { seedSetup } from './setup.ts'
import { AdditionTable, Table } from './table.ts'

export interface Tables {
  companies: Table<CompanyRecord>
  companyStatuses: Table<NamedRecord>
  companyTypes: Table<NamedRecord>
  sites: Table<SiteRecord>
  contacts: Table<ContactRecord>
  agreementTypes: Table<AgreementTypeRecord>
  agreements: Table<AgreementRecord>
  additions: AdditionTable
  products: Table<ProductRecord>
  categories: Table<NamedRecord>
  subcategories: Table<NamedRecord>
  productTypes: Table<NamedRecord>
  unitsOfMeasure: Table<NamedRecord>
  communicationTypes: Table<NamedRecord>
  currencies: Table<CurrencyRecord>
  billingCycles: Table<BillingCycleRecord>
  members: Table<MemberRecord>
  securityRoles: Table<NamedRecord>
  hostedScreens: Table<HostedScreenRecord>
  hostedSetups: Table<Row>
  callbacks: Table<Row>
  userDefinedFields: Table<CustomFieldRecord>
  documents: Table<DocumentRecord>
  invoices: Table<InvoiceRecord>
}

export type TableName = keyof Tables

/** Everything one ConnectWise holds. Tests read and change it directly, as a person in ConnectWise would. */
export interface World extends Tables {
  /** IANA zone of the server: its calendar day decides what is active. */
  zone: string
  /** What `updatedBy` and `lastUpdated` say of records made directly. */
  madeBy: { updatedBy: string; lastUpdated: string }
  /** API keys by public key. */
  keys: Map<string, { privateKey: string; member: string }>
  /** Logged-in members by their hash. */
  sessions: Map<string, { member: string; context: string }>
  /** Rights by member identifier; a member without an entry may do nothing. */
  rights: Map<string, Rights>
  /** false: the reports answer 404. */
  reports: boolean
  /** File name endings that documents may have. */
  documentTypes: Set<string>
  files: Map<number, Uint8Array>
  /** Additions created through the API that no invoice has reached: the next one catches up their past days. */
  neverInvoiced: Set<number>
  /** Recent writes through the API, oldest first, for reads that lag behind. */
  journal: JournalEntry[]
}

interface JournalEntry {
  at: number
  table: TableName
  id: number
  /** The record before the write; absent when it was created. */
  before: Row | undefined
}

export interface WorldOptions {
  zone?: string
  /** The day the world is made; agreements are invoiced through its billing period. */
  today?: string
}

/** A ConnectWise with its set-up tables and API member, and no customers. */
export function emptyWorld({ zone = 'UTC', today = '2026-11-21' }: WorldOptions = {}): World {
  const world: World = {
    ...emptyTables(),
    zone,
    madeBy: { updatedBy: 'jsmith', lastUpdated: `${today}T00:00:00Z` },
    keys: new Map(),
    sessions: new Map(),
    rights: new Map([
      ['TrueUp', allRights()],
      ['jsmith', allRights()],
    ]),
    reports: true,
    documentTypes: new Set(['csv', 'pdf', 'txt', 'png']),
    files: new Map(),
    neverInvoiced: new Set(),
    journal: [],
  }
  seedSetup(world, world.madeBy)
  return world
}

/** A table as the API's machinery sees it; which columns its rows have is declared by the noun. */
export const tableNamed = (world: Tables, name: TableName): Table<Row> => world[name] as unknown as Table<Row>

function emptyTables(): Tables {
  return {
    companies: new Table(),
    companyStatuses: new Table(),
    companyTypes: new Table(),
    sites: new Table(),
    contacts: new Table(),
    agreementTypes: new Table(),
    agreements: new Table(),
    additions: new AdditionTable(),
    products: new Table(),
    categories: new Table(),
    subcategories: new Table(),
    productTypes: new Table(),
    unitsOfMeasure: new Table(),
    communicationTypes: new Table(),
    currencies: new Table(),
    billingCycles: new Table(),
    members: new Table(),
    securityRoles: new Table(),
    hostedScreens: new Table(),
    hostedSetups: new Table(),
    callbacks: new Table(),
    userDefinedFields: new Table(),
    documents: new Table(),
    invoices: new Table(),
  }
}

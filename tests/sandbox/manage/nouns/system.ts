import { choice, computed, flag, integer, number, readOnly, reference, required, text } from './fields.ts'
import { noun } from './noun.ts'

export const currencies = noun({
  resource: 'currency',
  path: '/finance/currencies',
  table: 'currencies',
  fields: {
    name: required(text(50)),
    currencyIdentifier: required(text(10)),
    symbol: text(10),
    numberOfDecimals: integer,
  },
})

export const billingCycles = noun({
  resource: 'billingCycle',
  path: '/finance/billingcycles',
  table: 'billingCycles',
  fields: { identifier: required(text(5)), name: required(text(50)), billingOptions: text() },
})

const member = {
  identifier: required(text(15)),
  firstName: required(text(30)),
  lastName: required(text(30)),
  fullName: computed('text', (row) => `${row.firstName} ${row.lastName}`),
  defaultEmail: text(250),
  licenseClass: choice('A', 'C', 'F', 'X'),
  inactiveFlag: flag,
}

export const members = noun({
  resource: 'member',
  path: '/system/members',
  table: 'members',
  module: 'System > Member Maintenance',
  fields: { ...member, securityRole: reference('securityRoles', 'name') },
})

export const memberInfos = noun({
  resource: 'memberInfo',
  path: '/system/info/members',
  table: 'members',
  fields: member,
})

export const hostedScreens = noun({
  resource: 'connectWiseHostedScreen',
  path: '/system/connectwisehostedscreens',
  table: 'hostedScreens',
  fields: { screenId: text(), name: text() },
})

export const hostedSetups = noun({
  resource: 'connectWiseHostedSetup',
  path: '/system/connectwisehostedsetups',
  table: 'hostedSetups',
  module: 'System > Table Setup',
  readsFreely: true,
  verbs: ['create', 'update', 'delete'],
  fields: {
    screenId: required(integer),
    description: required(text(50)),
    url: required(text(1024)),
    type: required(choice('Tab', 'Pod', 'ToolbarButton')),
    clientId: text(36),
    origin: text(100),
    podHeight: integer,
    toolbarButtonText: text(50),
    toolbarButtonToolTip: text(50),
    disabledFlag: flag,
    locationsEnabledFlag: flag,
    createdBy: readOnly(text()),
    dateCreated: readOnly(text()),
  },
  defaults: (row) => {
    row.createdBy ??= row._info.updatedBy
    row.dateCreated ??= row._info.lastUpdated
  },
  problems: (row, _, { world }) => {
    const isKnown = world.hostedScreens.has(Number(row.screenId))
    const message = `There is no screen ${row.screenId}.`
    return isKnown ? [] : [{ code: 'InvalidField', message, resource: 'connectWiseHostedSetup', field: 'screenId' }]
  },
})

export const callbacks = noun({
  resource: 'callbackEntry',
  path: '/system/callbacks',
  table: 'callbacks',
  module: 'System > Table Setup',
  verbs: ['create', 'update', 'delete'],
  fields: {
    description: text(100),
    url: required(text()),
    objectId: required(integer),
    type: required(text()),
    level: required(text()),
    payloadVersion: text(),
    inactiveFlag: flag,
    isSelfSuppressedFlag: flag,
    memberId: readOnly(number),
  },
})

export const documents = noun({
  resource: 'document',
  path: '/system/documents',
  table: 'documents',
  module: 'Companies > Manage Attachments',
  verbs: ['delete'],
  fields: {
    title: text(),
    fileName: text(),
    size: integer,
    publicFlag: flag,
    recordType: text(),
    recordId: integer,
    owner: computed('text', (row) => row._info.updatedBy),
    createdOnDate: computed('text', (row) => row._info.lastUpdated),
  },
})

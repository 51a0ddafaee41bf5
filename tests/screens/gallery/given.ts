/** A name of 100 characters, as companies have them. */
export const longName =
  'Northwind Traders United Kingdom and Ireland Wholesale Distribution and Logistics Holdings Limited Co'

/** A number over two months. */
export const counted = Array.from({ length: 60 }, (_, i) => ({
  day: `2026-${i < 30 ? '10' : '11'}-${String((i % 30) + 1).padStart(2, '0')}`,
  value: 8 + Math.round(3 * Math.sin(i / 9)) + Math.floor(i / 25),
}))

export const additions = [
  {
    product: 'Email protection, per user',
    account: 'Contoso',
    from: '10',
    to: '12',
    state: 'pending',
    why: '12 users',
  },
  { product: 'Backup', account: 'Contoso', from: '4', to: '4', state: 'equal', why: '' },
  { product: longName, account: longName, from: '1,250', to: '1,310', state: 'held', why: 'a rise of more than 25 %' },
  { product: 'Security training', account: 'Contoso', from: '30', to: '28', state: 'conflict', why: 'edited by JDOE' },
  { product: 'Phishing', account: 'Contoso', from: '30', to: '?', state: 'unknown', why: 'the source said nothing' },
  { product: 'Archive', account: 'Contoso', from: '7', to: '9', state: 'failed', why: 'the agreement is cancelled' },
  { product: 'Old plan', account: 'Contoso', from: '2', to: '2', state: 'excluded', why: '' },
] as const

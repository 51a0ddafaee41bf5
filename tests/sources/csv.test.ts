import { describe, expect, it } from 'vitest'
import { Problem } from '#server/problem.ts'
import type { Remarks, Sheet } from '#sources/contract.ts'
import { csv } from '#sources/csv.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function read(file: string | Uint8Array, told: Partial<Remarks> = {}, settings: Record<string, string> = {}): Sheet {
  const sheet = csv.read?.(typeof file === 'string' ? bytes(file) : file, { columns: {}, ...told }, settings)
  if (!sheet) throw new Error('not read')
  return sheet
}

/** `A-17 users 12`, each number of a file. */
const numbersIn = ({ accounts }: Sheet): string[] =>
  accounts.flatMap(({ id, readings }) => readings.map(({ name, quantity }) => `${id} ${name} ${quantity}`))

const badIn = ({ bad }: Sheet): string[] => bad.map(({ path, message }) => `${path}: ${message}`)
const askedIn = ({ questions }: Sheet): string[] => questions.map(({ path, message }) => `${path}: ${message}`)

function refusal(file: string | Uint8Array): string {
  try {
    read(file)
  } catch (error) {
    if (error instanceof Problem) return error.message
    throw error
  }
  return 'was read'
}

describe('a CSV of counts', () => {
  it('has one number a row, or one user a row, who are counted and listed', () => {
    const numbers = read('Customer ID,Customer,Metric,Quantity\nA-17,Contoso,users,12\nA-17,Contoso,devices,3\n')
    expect([numbers.shape, numbersIn(numbers)]).toEqual(['numbers', ['A-17 users 12', 'A-17 devices 3']])
    const users = read(
      'Customer,E-mail,Display name,Services\nContoso,ann@c.example,Ann,training; phishing\nContoso,bob@c.example,,\n',
    )
    expect([users.shape, numbersIn(users)]).toEqual(['users', ['Contoso users 2']])
    expect(users.accounts[0]?.readings[0]?.people).toEqual([
      { id: 'ann@c.example', name: 'Ann', email: 'ann@c.example', services: ['training', 'phishing'] },
      { id: 'bob@c.example', email: 'bob@c.example' },
    ])
  })

  it('takes metric and currency once for the whole file where no column says them', () => {
    const { accounts } = read('Customer,Seats,Unit price\nContoso,3,4.50\nFabrikam,4,\n', {
      metric: 'seats',
      currency: 'EUR',
    })
    expect(accounts.map(({ readings }) => readings[0])).toEqual([
      { kind: 'metric', name: 'seats', quantity: '3', unitPrice: '4.5', currency: 'EUR' },
      { kind: 'metric', name: 'seats', quantity: '4' },
    ])
  })
})

describe('a CSV of another kind', () => {
  it('is usage where it names SKUs', () => {
    const sheet = read(
      'Account;SKU;SKU name;Term;Qty;Cost;Currency\nA;M365-BP;Premium;P1Y;1,5;2,10;eur\nA;M365-BP;Premium;P1M;1;2;EUR\n',
    )
    expect(sheet.kind).toBe('usage')
    expect(sheet.accounts[0]?.readings).toEqual([
      {
        kind: 'sku',
        name: 'M365-BP',
        title: 'Premium',
        term: 'P1Y',
        quantity: '1.5',
        unitCost: '2.1',
        currency: 'EUR',
      },
      { kind: 'sku', name: 'M365-BP', title: 'Premium', term: 'P1M', quantity: '1', unitCost: '2', currency: 'EUR' },
    ])
  })

  it('is invoice lines where it names offers and charge types, credits and days included', () => {
    const sheet = read(
      'Customer,Line ID,Offer,Charge type,Start date,End date,Quantity,Unit cost,Custom\n' +
        'Contoso,L1,O1,Cycle fee,12/31/2026,01/30/2027,2,-1.5,yes\n' +
        'Contoso,L2,O1,Refund,12/01/2026,,-2,1,\n' +
        'Contoso,L2,O1,Refund,12/01/2026,,-2,1,\n' +
        'Contoso,L3,O1,Refund,11/31/2026,,2,1,\n' +
        'Contoso,L4,O1,Refund,12/01/2026,,0.12345,1,\n' +
        'Contoso,L5,O1,Refund,,,1,1,\n' +
        'Fabrikam,L5,O1,Refund,,,1,1,\n',
    )
    expect([sheet.kind, sheet.days]).toEqual(['invoice-lines', 'month-day'])
    expect(sheet.accounts[0]?.lines).toEqual([
      {
        id: 'L1',
        offer: 'O1',
        chargeType: 'CycleFee',
        chargeStart: '2026-12-31',
        chargeEnd: '2027-01-30',
        quantity: '2',
        unitCost: '-1.5',
        custom: true,
      },
      { id: 'L2', offer: 'O1', chargeType: 'Refund', chargeStart: '2026-12-01', quantity: '-2', unitCost: '1' },
    ])
    expect(badIn(sheet)).toEqual([
      'row 5: Charge start must be a day that exists, YYYY-MM-DD',
      'row 6: Quantity must have at most 4 decimals',
      'row 7: is repeated by row 8',
      'row 8: repeats row 7',
    ])
  })
})

describe('columns', () => {
  it.each([
    ['Kundennummer;Kunde;Anzahl', 'A;Contoso;1'],
    ['Código cliente;Empresa;Cantidad', 'A;Contoso;1'],
    ['Numéro client\tSociété\tQuantité', 'A\tContoso\t1'],
    ['Klantnummer|Klant|Aantal', 'A|Contoso|1'],
    ['  CUSTOMER_ID ,customer-name,Seats (current)', 'A,Contoso,1'],
  ])('are matched by name: %s', (header, row) => {
    expect(numbersIn(read(`${header}\n${row}\n`))).toEqual(['A users 1'])
  })

  it('are asked for, never guessed, and taken as a person says or as remembered', () => {
    const file = 'Wer,Was,Was noch\nContoso,3,4\n'
    expect(askedIn(read(file))).toEqual([
      'account: Say which column names the account.',
      'quantity: Say which column holds the quantity. For one user a row, say which one holds the user id or the e-mail.',
    ])
    expect(numbersIn(read(file, { columns: { account: 'Wer', quantity: 'Was noch' } }))).toEqual(['Contoso users 4'])
    const remembered = { 'column-account': 'Wer', 'column-quantity': 'Was' }
    expect(numbersIn(read(file, {}, remembered))).toEqual(['Contoso users 3'])
    expect(numbersIn(read(file, { columns: { quantity: 'Was noch' } }, remembered))).toEqual(['Contoso users 4'])
    expect(numbersIn(read('Customer,Users\nContoso,5\n', {}, remembered))).toEqual(['Contoso users 5'])
  })

  it('of one name twice are asked for', () => {
    const sheet = read('Customer,Quantity,Quantity\nContoso,3,4\n')
    expect([sheet.header, askedIn(sheet).length]).toEqual([['Customer', 'Quantity', 'Quantity (2)'], 1])
    const told = read('Customer,Quantity,Quantity\nContoso,3,4\n', { columns: { quantity: 'Quantity (2)' } })
    expect(numbersIn(told)).toEqual(['Contoso users 4'])
  })

  it('may be left out though their name is known', () => {
    const file = 'Customer,Users,E-mail\nContoso,3,ann@c.example\n'
    expect(read(file).shape).toBe('numbers')
    expect(numbersIn(read(file, { columns: { quantity: '' } }))).toEqual(['Contoso users 1'])
    expect(numbersIn(read(file, {}, { 'column-quantity': '' }))).toEqual(['Contoso users 1'])
  })
})

describe('numbers', () => {
  it.each([
    ['"1,234.56"', '1.5', '1234.56', '.'],
    ['"1.234,5"', '"1,5"', '1234.5', ','],
    ['"1 234,5"', '7', '1234.5', ','],
    ['1\u00a0234.5', '7', '1234.5', '.'],
    ["1'234.5", '7', '1234.5', '.'],
    ['"1.234.567"', '7', '1234567', ','],
    ['"1,234"', '0.5', '1234', '.'],
    ['"1,234"', '"0,5"', '1.234', ','],
    ['1000', '7', '1000', undefined],
  ])('%s beside %s are read for the whole column (F52)', (first, second, value, mark) => {
    const sheet = read(`Customer,Quantity\nA,${first}\nB,${second}\n`)
    expect([sheet.accounts[0]?.readings[0]?.quantity, sheet.decimal]).toEqual([value, mark])
  })

  it.each([
    ['"1,234"', 'Row 2 says 1,234: is that 1234 or 1.234?'],
    ['1.000', 'Row 2 says 1.000: is that 1.000 or 1000?'],
  ])('%s alone is asked about', (cell, question) => {
    const file = `Customer,Quantity\nA,${cell}\nB,7\n`
    expect(askedIn(read(file))).toEqual([`decimal: ${question}`])
    expect(numbersIn(read(file, { decimal: '.' }))[1]).toBe('B users 7')
  })

  it('written in both ways are asked about; what does not fit the answer is a bad row', () => {
    const file = 'Customer,Quantity\nA,1.5\nB,"2,5"\n'
    expect(askedIn(read(file))).toEqual([
      'decimal: Row 2 says 1.5 and Row 3 says 2,5: is the point or the comma before the decimals?',
    ])
    const told = read(file, { decimal: ',' })
    expect([numbersIn(told), badIn(told)]).toEqual([
      ['B users 2.5'],
      ['row 2: Quantity "1.5" is not written with a comma as the other numbers are'],
    ])
  })

  it.each([
    ['-1', 'Quantity must not be negative'],
    ['−1', 'Quantity must not be negative'],
    ['10000001', 'Quantity must be at most 10,000,000'],
    ['1.00001', 'Quantity must have at most 4 decimals'],
    ['', 'Quantity is missing'],
    ['twelve', 'Quantity must be a number, not "twelve"'],
    ['007', 'Quantity must be a number, not "007"'],
    ['1e3', 'Quantity must be written without an exponent'],
    ['=1+1', 'Quantity is a formula or text, not a number: save the file with values'],
    ['+5', 'Quantity is a formula or text, not a number: save the file with values'],
    ['@SUM(A1)', 'Quantity is a formula or text, not a number: save the file with values'],
    ['-1+2', 'Quantity must be a number, not "-1+2"'],
    ['#REF!', 'Quantity holds the spreadsheet error #REF!'],
    ['#DIV/0!', 'Quantity holds the spreadsheet error #DIV/0!'],
    ['#NV', 'Quantity holds the spreadsheet error #NV'],
    ['####', 'Quantity holds the spreadsheet error ####'],
    ['12%', 'Quantity must be a number, not "12%"'],
    ['01.Feb', 'Quantity must be a number, not "01.Feb"'],
  ])('%s is a bad row', (cell, message) => {
    const sheet = read(`Customer,Quantity\nA,${cell}\nB,7\n`)
    expect([badIn(sheet), numbersIn(sheet)]).toEqual([[`row 2: ${message}`], ['B users 7']])
  })

  it('of money may carry a currency sign', () => {
    const sheet = read('Customer,Quantity,Price\nA,1,"4,50 €"\nB,1,"€ 1.204,50"\n')
    expect(sheet.accounts.map(({ readings }) => readings[0]?.unitPrice)).toEqual(['4.5', '1204.5'])
  })
})

describe('days', () => {
  const lines = (...days: string[]) =>
    `Customer,Line ID,Offer,Charge type,Start date,Quantity\n${days.map((day, i) => `A,L${i},O,CycleFee,${day},1\n`).join('')}`
  const starts = (sheet: Sheet) =>
    sheet.accounts.flatMap(({ lines }) => lines?.map(({ chargeStart }) => chargeStart) ?? [])

  it.each([
    [['2026-12-31'], undefined, ['2026-12-31']],
    [['2026-12-31T00:00:00Z', '2026/1/2'], undefined, ['2026-12-31', '2026-01-02']],
    [['31.12.2026', '1.2.2026'], undefined, ['2026-12-31', '2026-02-01']],
    [['12/31/2026', '01/02/2026'], 'month-day', ['2026-12-31', '2026-01-02']],
    [['31/12/2026', '01/02/2026'], 'day-month', ['2026-12-31', '2026-02-01']],
    [['02/02/2026'], undefined, ['2026-02-02']],
  ])('%s are read', (days, order, isoDays) => {
    const sheet = read(lines(...days))
    expect([sheet.days, starts(sheet)]).toEqual([order, isoDays])
  })

  it('that could be meant in two ways are asked about', () => {
    expect(askedIn(read(lines('01/02/2026')))).toEqual([
      'days: Row 2 says 01/02/2026: does the day or the month come first?',
    ])
    expect(starts(read(lines('01/02/2026'), { days: 'day-month' }))).toEqual(['2026-02-01'])
    expect(askedIn(read(lines('13/02/2026', '02/13/2026')))).toHaveLength(1)
  })

  it.each([
    ['46387', "Charge start 46387 is a spreadsheet's day number: format the column as a date"],
    ['31.12.26', 'Charge start must be a day with a year of four digits, not "31.12.26"'],
    ['2026-02-30', 'Charge start must be a day that exists, YYYY-MM-DD'],
    ['soon', 'Charge start must be a day with a year of four digits, not "soon"'],
  ])('%s is a bad row', (day, message) => {
    expect(badIn(read(lines(day)))).toEqual([`row 2: ${message}`])
  })
})

describe('rows', () => {
  it('are numbered as a spreadsheet shows them, blank ones and quoted lines included', () => {
    const sheet = read('Customer,Users\n\n"Con\ntoso",1\n,,,\nFabrikam,x\n')
    expect(badIn(sheet)).toEqual([
      'row 3: Account must not hold control characters or broken Unicode',
      'row 5: Quantity must be a number, not "x"',
    ])
    expect([sheet.rowCount, sheet.blankCount]).toEqual([4, 2])
  })

  it('may lack their last cells and have empty ones too many; a cell too many is named', () => {
    const sheet = read('Customer,Users,Price,Currency\nA,1\nB,2,3,EUR,,\nC,3,4,EUR,more\n')
    expect([numbersIn(sheet), badIn(sheet)]).toEqual([
      ['A users 1', 'B users 2'],
      ['row 4: has 5 cells, the header 4: put a cell that holds a comma in quotes'],
    ])
  })

  it('with another separator are named', () => {
    const sheet = read('Customer;Users\nA;1\nB,2\nC\t3\n"D;d";4\n')
    expect([numbersIn(sheet), badIn(sheet)]).toEqual([
      ['A users 1', 'D;d users 4'],
      ['row 3: is separated by comma, the header by semicolon', 'row 4: is separated by tab, the header by semicolon'],
    ])
  })

  it('that say two things of one account are both bad, whichever comes first', () => {
    const sheet = read('Customer ID,Customer,Users\nA,Contoso,1\nB,Fabrikam,2\nA,Contoso,3\nB,Other,2\nA,Contoso,4\n')
    expect([numbersIn(sheet), badIn(sheet)]).toEqual([
      ['B users 2'],
      [
        'row 2: is repeated by row 4',
        'row 4: repeats row 2',
        'row 5: Account B is called Fabrikam in row 3: one id must have one name',
        'row 6: repeats row 2',
      ],
    ])
  })

  it('that list a user twice count them once', () => {
    const sheet = read('Customer,E-mail\nA,ann@c.example\nA,Ann@C.example\nB,ann@c.example\n')
    expect([numbersIn(sheet), badIn(sheet)]).toEqual([
      ['A users 1', 'B users 1'],
      ['row 3: repeats the user of row 2, who is counted once'],
    ])
  })

  it('keep names that look like formulas as text, and say which a spreadsheet broke (FILE 1–6)', () => {
    const names = ['=HYPERLINK("http://x")', '+1', '-1+2', '@SUM(A1)', "'quoted"]
    const sheet = read(`Customer,Users\n${names.map((name) => `"${name.replaceAll('"', '""')}",1\n`).join('')}`)
    expect(sheet.accounts.map(({ name }) => name)).toEqual(names)
    const broken = read('Customer ID,Users\n#N/A,1\n1.2E+11,1\n\0A,1\n')
    expect(badIn(broken)).toEqual([
      'row 2: Account id holds the spreadsheet error #N/A',
      'row 3: Account id 1.2E+11 was shortened by a spreadsheet: format the column as text',
      'row 4: Account must not hold control characters or broken Unicode',
    ])
  })

  it('name every reason at once', () => {
    const sheet = read('Customer,Users,Price,Currency\nA,x,#REF!,EUR\n,1,2,Euro\n')
    expect(badIn(sheet)).toEqual([
      'row 2: Quantity must be a number, not "x"; Unit price holds the spreadsheet error #REF!',
      'row 3: Account is missing; Currency must be a currency code such as USD',
    ])
  })

  it('stop being read when more than a thousand are bad', () => {
    const sheet = read(`Customer,Users\n${'A,x\n'.repeat(5000)}`)
    expect([sheet.gaveUp, sheet.bad.length]).toEqual([true, 1001])
  })

  it('of a million are refused in no time, and an account too large for one row is', () => {
    expect(refusal(`Customer,Users\n${'A,1\n'.repeat(1_000_000)}`)).toMatch(/^The file has more than 100,000 rows/)
    const users = Array.from({ length: 12_000 }, (_, i) => `A,user-${i}@customer.example,${'n'.repeat(60)}`)
    expect(badIn(read(`Customer,E-mail,Full name\n${users.join('\n')}\n`))).toEqual([
      'account A: must be at most 1,000,000 characters of JSON',
    ])
  })
})

describe('a file', () => {
  const table = 'Customer;Users\nMüller;3\n'
  const utf16 = (order: 'le' | 'be') =>
    Uint8Array.from(
      [...`\ufeff${table}`].flatMap((sign) => {
        const pair = [sign.charCodeAt(0) & 255, sign.charCodeAt(0) >> 8]
        return order === 'le' ? pair : pair.reverse()
      }),
    )

  it.each([
    ['UTF-8', bytes(table)],
    ['UTF-8 with byte order mark', bytes(`\ufeff${table}`)],
    ['UTF-16', utf16('le')],
    ['UTF-16', utf16('be')],
    ['windows-1252', Uint8Array.from([...table].map((sign) => sign.charCodeAt(0)))],
  ])('in %s is read as such (F52)', (encoding, file) => {
    const sheet = read(file)
    expect([sheet.encoding, numbersIn(sheet)]).toEqual([encoding, ['Müller users 3']])
  })

  it.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
    ['vertical bar', '|'],
  ])('separated by %s, with any line ends and quotes, is read (F52)', (name, sign) => {
    const text = (end: string) =>
      [
        ['Customer', 'Users'],
        ['"A ""x"", b; c|d e"', '3'],
      ]
        .map((row) => row.join(sign))
        .join(end)
    for (const end of ['\n', '\r\n', '\r']) {
      const sheet = read(text(end))
      expect([sheet.separator, numbersIn(sheet)]).toEqual([name, ['A "x", b; c|d e users 3']])
    }
  })

  it('may say its separator in a line of its own', () => {
    expect(badIn(read('sep=;\nCustomer;Users\nA;x\n'))).toEqual(['row 3: Quantity must be a number, not "x"'])
  })

  it.each([
    [
      'a zip or xlsx',
      Uint8Array.of(0x50, 0x4b, 3, 4),
      /Excel workbook or a zip archive, not CSV\. Open it and save it as CSV/,
    ],
    ['an xls', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), /Excel workbook, not CSV/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8), /compressed \(gzip\), not CSV\. Unpack it/],
    ['a PDF', bytes('%PDF-1.7'), /is a PDF/],
    ['a web page', bytes('<!DOCTYPE html><table>'), /web page or XML/],
    ['an SVG (XSS-14)', bytes('<svg onload="alert(1)"/>'), /web page or XML/],
    ['numbers without a mark in UTF-16', utf16('le').subarray(2), /not text in an encoding we know/],
    ['nothing', bytes(' \n'), /is empty/],
    ['a header alone', bytes('Customer,Users\n'), /no row below its header/],
    ['one endless line', bytes(`Customer,Users\n${','.repeat(200_000)}`), /^Line 2 is longer than 100,000/],
    [
      'quotes that never close',
      bytes('Customer,Users\nA,1\n"B,2\nC,3\n'),
      /^Line 3: a quotation mark opens there and never/,
    ],
    ['text behind quotes', bytes('Customer,Users\n"B"x,2\n'), /^Line 2: a cell goes on after its closing/],
    ['half a character', Uint8Array.of(0xef, 0xbb, 0xbf, 0x41, 0xff), /says it is UTF-8 and is not/],
    ['more than 10 MB', new Uint8Array(10_000_001), /larger than 10 MB/],
  ])('FILE-7 that is %s is refused with what to do', (_, file, message) => {
    expect(refusal(file)).toMatch(message)
  })
})

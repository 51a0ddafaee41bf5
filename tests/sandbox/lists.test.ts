import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { givenManage, linksOf } from './caller.ts'
import { addAddition, addAgreement, addCompany, addProduct, generatedWorld, lifelikeWorld } from './manage/world.ts'

const encoded = (parameters: Record<string, string>) => `?${new URLSearchParams(parameters)}`

function givenCompanies() {
  const given = givenManage()
  addCompany(given.world, { id: 1, name: "O'Brien", identifier: 'a' })
  addCompany(given.world, { id: 2, name: 'Fabrikam & Sons', identifier: 'b', types: [{ id: 2 }] })
  addCompany(given.world, { id: 3, name: 'The "Blue" Door', identifier: 'c', deletedFlag: true })
  const third = given.world.companies.get(3)
  if (third) third._info.lastUpdated = '2026-12-01T08:00:00Z'
  const ids = async (parameters: Record<string, string>) => {
    const { body } = await given.call('GET', `/company/companies${encoded({ fields: 'id', ...parameters })}`)
    return Array.isArray(body) ? body.map(({ id }) => id) : body
  }
  return { ...given, ids }
}

describe('conditions', () => {
  it.each([
    ['id=2', [2]],
    ['id != 2', [1, 3]],
    ['id in (1,3)', [1, 3]],
    ['id not in (1,3)', [2]],
    ['id>1 and id<=3', [2, 3]],
    ['id=1 or id=2 and deletedFlag=true', [1]],
    ['(id=1 or id=2) and deletedFlag=False', [1, 2]],
    ['deletedFlag=True', [3]],
    ['name="O\'Brien"', [1]],
    ['name=\'The "Blue" Door\'', [3]],
    ['name="fabrikam & sons"', [2]],
    ['name contains "blue"', [3]],
    ['name not contains "blue"', [1, 2]],
    ['name like "fab*"', [2]],
    ["name like '%o%b%'", [1]],
    ['name not like "*o*"', []],
    ['status/id=1', [1, 2, 3]],
    ['status/name="Active" and currency/currencyIdentifier="USD"', [1, 2, 3]],
    ['site/id != null', [1, 2, 3]],
    ['userDefinedField1 = null', [1, 2, 3]],
    ['lastUpdated > [2026-11-30T00:00:00Z]', [3]],
    ['_info/lastUpdated <= [2026-11-30T00:00:00Z]', [1, 2]],
  ])('%s', async (conditions, expected) => {
    const { ids } = givenCompanies()
    expect(await ids({ conditions })).toEqual(expected)
  })

  it.each([
    ['colour=1', 'colour is not a recognized name.'],
    ['status/colour=1', 'status/colour is not a recognized name.'],
    ['__proto__=1', '__proto__ is not a recognized name.'],
    ['id=', "Expected a value but found 'the end'."],
    ['(id=1', "Expected ')' but found 'the end'."],
    ['id=1 id=2', "Unexpected 'id'."],
    ['name="a" or "b"', "Expected a name but found 'b'."],
    ['name="open', 'Unexpected text at position 5.'],
    ['lastUpdated > [soon]', '[soon] is not a date.'],
  ])('%s is refused', async (conditions, message) => {
    const { ids } = givenCompanies()
    expect(await ids({ conditions })).toEqual({ code: 'ApiFindCondition', message })
  })

  it('look into arrays with childConditions', async () => {
    const { ids } = givenCompanies()
    expect(await ids({ childConditions: 'types/id=2' })).toEqual([2])
    expect(await ids({ childConditions: 'colours/id=2' })).toMatchObject({ code: 'ApiFindCondition' })
  })

  it('look into custom fields', async () => {
    const { world, call } = givenManage()
    const marked = addAddition(world, { customFields: [{ id: 1, caption: 'Marker', value: 'TU1' }] })
    addAddition(world)
    const query = encoded({ customFieldConditions: 'caption="Marker" AND value="TU1"' })
    const { body } = await call('GET', `/finance/agreements/${marked.agreementId}/additions${query}`)
    expect(body.map(({ id }: { id: number }) => id)).toEqual([marked.id])
  })

  it('are known to work on additions by status and product', async () => {
    const { world, call } = givenManage()
    const product = addProduct(world, { id: 752 })
    const { agreementId } = addAddition(world, { product, agreement: addAgreement(world) })
    const path = `/finance/agreements/${agreementId}/additions`
    const query = encoded({ conditions: "agreementStatus='Active' AND product/id=752" })
    expect((await call('GET', path + query)).body).toHaveLength(1)
  })
})

describe('a list', () => {
  it('is in the order asked for', async () => {
    const { ids } = givenCompanies()
    expect(await ids({ orderBy: 'id desc' })).toEqual([3, 2, 1])
    expect(await ids({ orderBy: 'status/id, name asc' })).toEqual([2, 1, 3])
    expect(await ids({ orderBy: 'colour' })).toMatchObject({ code: 'ApiFindCondition' })
    expect(await ids({ orderBy: 'id sideways' })).toMatchObject({ code: 'ConnectWiseApi' })
  })

  it('answers only the fields asked for and ignores unknown ones', async () => {
    const { call } = givenCompanies()
    const { body } = await call('GET', '/company/companies/2?fields=id,colour,types/name,status/id,_info/updatedBy')
    expect(body).toEqual({ id: 2, types: [{ name: 'Prospect' }], status: { id: 1 }, _info: { updatedBy: 'jsmith' } })
  })

  it('has 25 rows a page by default and 1,000 at most', async () => {
    const { call } = givenManage({ world: generatedWorld({ agreements: 1, additionsEach: 1_100 }) })
    const path = '/finance/agreements/1/additions'
    expect((await call('GET', path)).body).toHaveLength(25)
    expect((await call('GET', `${path}?pageSize=5000`)).body).toHaveLength(1000)
    expect((await call('GET', `${path}?pageSize=0`)).status).toBe(400)
    expect((await call('GET', `${path}/count`)).body).toEqual({ count: 1_100 })
  })

  it('can be walked by Link to every row exactly once, whatever the page size', async () => {
    const world = generatedWorld({ agreements: 1, additionsEach: 23 })
    const { manage, call } = givenManage({ world })
    const walk = async (first: string, headers: Record<string, string>, isEnd: (rows: unknown[]) => boolean) => {
      const seen: number[] = []
      for (let next: string | undefined = first; next; ) {
        const answer = await call('GET', next, undefined, headers)
        seen.push(...answer.body.map(({ id }: { id: number }) => id))
        const link: URL | undefined = linksOf(answer).next
        next = link && !isEnd(answer.body) ? link.pathname.replace(/.*3\.0/, '') + link.search : undefined
      }
      return seen
    }
    const all = world.additions.rows().map(({ id }) => id)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (pageSize) => {
        manage.requests.length = 0
        const path = `/finance/agreements/1/additions?pageSize=${pageSize}`
        expect(await walk(path, {}, () => false)).toEqual(all)
        expect(manage.requests).toHaveLength(Math.ceil(23 / pageSize))
        const forward = { 'pagination-type': 'forward-only' }
        expect(await walk(path, forward, (rows) => rows.length < pageSize)).toEqual(all)
      }),
      { numRuns: 30 },
    )
  })

  it('always links a next page when it is forward-only, and takes no order', async () => {
    const { call } = givenCompanies()
    const forward = { 'pagination-type': 'forward-only' }
    const answer = await call('GET', '/company/companies?pageId=3&page=7', undefined, forward)
    expect(answer.body).toEqual([])
    expect(linksOf(answer).next?.searchParams.get('pageId')).toBe('3')
    expect((await call('GET', '/company/companies?orderBy=id', undefined, forward)).status).toBe(400)
  })

  it('of a lifelike world has twins, unicode, deleted and inactive companies, and every kind of agreement', async () => {
    const { call } = givenManage({ world: lifelikeWorld() })
    const count = async (path: string, conditions: string) =>
      (await call('GET', `${path}/count${encoded({ conditions })}`)).body.count
    expect(await count('/company/companies', 'id>0')).toBe(40)
    expect(await count('/company/companies', 'name="Contoso Ltd"')).toBe(2)
    expect(await count('/company/companies', 'name contains "株式会社"')).toBe(1)
    expect(await count('/company/companies', 'deletedFlag=true or status/id!=1')).toBe(3)
    expect(await count('/finance/agreements', 'agreementStatus in ("Cancelled","Expired")')).toBe(2)
    expect(await count('/finance/agreements', 'currency/currencyIdentifier="EUR"')).toBeGreaterThan(3)
    expect(await count('/finance/agreements', 'prorateFlag=true or parentAgreement/id!=null')).toBe(2)
  })
})

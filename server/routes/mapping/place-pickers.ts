import * as z from 'zod'
import type { Addition, Product } from '#billing/existing.ts'
import { additionRefusal } from '#billing/offered.ts'
import { dayIn } from '#billing/period.ts'
import { isToBeMade } from '#billing/record.ts'
import { closedReason, productRefusal } from '#billing/target.ts'
import { listAgreementsOf, searchProducts } from '#db/catalogue.ts'
import { listAdditions, listProducts } from '#db/mirror.ts'
import { listDatedLines } from '#db/prorations.ts'
import { findSource } from '#db/sources.ts'
import { readQuery } from '#routes/form.ts'
import { recordOrWanted } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable, maySeeMoney, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { listAllProducts, readAdditionsOf, readAgreementsOf } from '#sync/mapping/catalogue.ts'
import { listStandIns, listWanted } from '#sync/records/to-be-made.ts'
import { type Option, Options } from '#views/combobox.tsx'
import { additionOption, agreementOption, productOption } from './options.ts'
import { containing, saying, searched } from './pickers.ts'

const mostProducts = 8
const notRead = 'you may not read in ConnectWise (Finance › Agreements › Inquire)'

/** `GET /pickers/agreements`: the active agreements of one company; the others with the reason (M2, M28). */
export const getAgreementOptions = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { company, search } = readQuery(c, z.object({ company: recordOrWanted, search: searched }))
  await requireReadable(deps, viewer, 'company', company)
  const unread = await saying(readAgreementsOf(deps, viewer.scope, company))
  const all = (await listAgreementsOf(viewer.scope, company)).map(({ body }) => body)
  const ids = all.map((agreement) => agreement.id)
  const readable = await listReadable(deps, viewer, 'agreement', ids)
  const today = dayIn(viewer.tenant.zone, deps.now())
  const seen = all.filter((agreement) => readable.has(agreement.id))
  const wanted = (await listWanted(viewer.scope)).agreements.filter(({ companyId }) => companyId === company)
  const options = [...wanted, ...seen]
    .map((agreement) => agreementOption(agreement, seen, closedReason(agreement, today)))
    .filter(containing(search))
  const hidden = all.length - seen.length
  const short = options.some(({ disabled }) => !disabled) ? undefined : noAgreement
  const absent = unread ?? (hidden > 0 ? `${hidden} not shown, which ${notRead}.` : short)
  return fragment(c, Options, { options: chooseableFirst(options), total: options.length, absent })
}

const noAgreement =
  'An agreement is missing? Create it below; or check in ConnectWise that it is active and of this company and that its agreement type exists, then test the connection again.'

const targetQuery = z.object({ agreement: recordOrWanted, source: z.string().max(100).default(''), search: searched })

/**
 * `GET /pickers/additions`: what an account can be written to in one agreement: its ongoing additions, those of the source's
 * product first, and products by which one is adopted or made (M3, M31, S9).
 */
export const getAdditionOptions = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const asked = readQuery(c, targetQuery)
  await requireReadable(deps, viewer, 'agreement', asked.agreement)
  const unread = await saying(readAdditionsOf(deps, viewer.scope, asked.agreement))
  if (viewer.tenant.productsListedAt === null) await saying(listAllProducts(deps, viewer.scope))
  const own = (await findSource(viewer.scope, asked.source))?.productId ?? undefined
  const additions = await additionOptions(deps, viewer, asked, own)
  const products = await productOptions(viewer, asked.search, own)
  const options = [...additions, ...products]
  return fragment(c, Options, { options, total: options.length, absent: unread ?? noAddition(additions) })
}

async function additionOptions(
  deps: Deps,
  viewer: Viewer,
  { agreement, search }: z.output<typeof targetQuery>,
  own: number | undefined,
): Promise<Option[]> {
  const money = await maySeeMoney(deps, viewer, agreement)
  const today = dayIn(viewer.tenant.zone, deps.now())
  const all = await listAdditions(viewer.scope, [agreement])
  const dated = await listDatedLines(viewer.scope, [agreement])
  const products = await productsOf(viewer, all)
  const optionOf = (addition: Addition) =>
    additionOption(addition, products.get(addition.productId), {
      money,
      other: own !== undefined && addition.productId !== own,
      why: additionRefusal(addition, today, dated),
    })
  const ownFirst = [...all].sort((a, b) => Number(b.productId === own) - Number(a.productId === own))
  const options = chooseableFirst(ownFirst.map(optionOf)).filter(containing(search))
  return search === '' ? options.filter(({ disabled }) => !disabled) : options
}

/** The source's own product is there at once, others when they are searched for. */
async function productOptions({ scope }: Viewer, search: string, own: number | undefined): Promise<Option[]> {
  const found = search === '' ? [] : await searchProducts(scope, { text: search, limit: mostProducts })
  const ownProduct =
    own === undefined || search !== ''
      ? []
      : [...(await listProducts(scope, [own])), ...(await listStandIns(scope, [own])).products]
  const wanted = (await listWanted(scope)).products.filter(
    (product) => product.id !== own && containing(search)(productOption(product, '')),
  )
  return [...ownProduct, ...wanted, ...found.map(({ body }) => body)].map((product) => {
    const option = productOption(product, `product:${product.id}`, productRefusal(product, product.id))
    return {
      ...option,
      text: `By product ${option.text}`,
      detail: isToBeMade(product.id)
        ? (option.detail ?? '')
        : `an ongoing addition is adopted, else one is made · ${option.detail}`,
    }
  })
}

async function productsOf({ scope }: Viewer, additions: readonly Addition[]): Promise<Map<number, Product>> {
  const ids = [...new Set(additions.map(({ productId }) => productId))]
  return new Map((await listProducts(scope, ids)).map((product) => [product.id, product]))
}

const noAddition = (additions: readonly Option[]): string | undefined =>
  additions.length === 0
    ? 'No ongoing addition here: type the name of a product to adopt or make one, or add it in ConnectWise first.'
    : undefined

const chooseableFirst = (options: readonly Option[]): Option[] =>
  [...options].sort((a, b) => Number(a.disabled ?? false) - Number(b.disabled ?? false))

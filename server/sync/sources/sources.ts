import { writesOf } from '#billing/data.ts'
import { touchFollowers } from '#db/mappings.ts'
import { addSource, findSource, renewToken, type Source, saveSource } from '#db/sources.ts'
import { withdrawUnnamed } from '#db/unnamed.ts'
import { Problem } from '#server/problem.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import { type Editor, saveChange } from '#sync/settings/settings.ts'

/** What people may call a source. */
export const sourceNamePattern = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u

type Billing = Pick<Source, 'name' | 'billingPeriod' | 'productId' | 'data'>

/** Adds a platform that pushes what it counted; its token is returned this once. Throws a Problem when the name is taken. */
export async function addPushSource(editor: Editor, name: string): Promise<{ source: string; token: string }> {
  const { deps, scope } = editor
  await requireFree(editor, name)
  const source = { id: deps.id(), kind: 'push', name, settings: {}, billingPeriod: 'current' as const }
  const { token, saved } = addSource(scope, { ...source, createdAt: deps.now() })
  await saveChange(editor, [saved], { what: 'source', to: source, text: `Source ${name} was added` })
  return { source: source.id, token }
}

/** Adds a platform whose files people upload. Throws a Problem when the name is taken. */
export async function addFileSource(editor: Editor, name: string): Promise<{ source: string }> {
  const { deps, scope } = editor
  await requireFree(editor, name)
  const source = { id: deps.id(), kind: 'csv', name, settings: {}, billingPeriod: 'current' as const }
  const { saved } = addSource(scope, { ...source, createdAt: deps.now() })
  await saveChange(editor, [saved], { what: 'source', to: source, text: `Source ${name} was added` })
  return { source: source.id }
}

/** Renames a source and changes what of it is billed. Throws a Problem for a name that is taken or an unfit product. */
export async function changeSource(editor: Editor, source: Source, billing: Billing): Promise<void> {
  if (billing.name !== source.name) await requireFree(editor, billing.name)
  if (billing.productId !== null && billing.productId !== source.productId)
    await requireProduct(editor, billing.productId)
  const { name, billingPeriod, productId, data } = source
  const { deps, scope, member } = editor
  const isWrittenOtherwise = writesOf(billing.data).join() !== writesOf(data).join()
  const touched = isWrittenOtherwise
    ? [touchFollowers(scope, source.id, { updatedAt: deps.now(), updatedBy: member })]
    : []
  const unnamed = withdrawUnnamed(scope, productId === null ? [] : [productId])
  await saveChange(editor, [saveSource(scope, source.id, billing), ...touched, ...unnamed], {
    what: `source ${source.id}`,
    from: { name, billingPeriod, productId, data },
    to: billing,
    text: `Source ${billing.name} was changed`,
  })
}

/** Makes the old token worthless at once; the new one is returned this once. */
export async function rotateToken(editor: Editor, source: Source): Promise<string> {
  const { token, saved } = renewToken(editor.scope, source.id)
  await saveChange(editor, [saved], { what: `source ${source.id}`, text: `Source ${source.name} got a new token` })
  return token
}

/** Throws a Problem when a source is named so already. */
export async function requireFree({ scope }: Pick<Editor, 'scope'>, name: string): Promise<void> {
  if (!(await findSource(scope, name))) return
  throw new Problem('conflict', `There already is a source named ${name}.`, { places: [place('name', 'is taken')] })
}

async function requireProduct({ deps, scope }: Editor, id: number): Promise<void> {
  const read = await (await deps.connectWise(scope)).listProducts([id])
  const [product] = [...read, ...(await listStandIns(scope, [id])).products]
  const why = !product
    ? 'is not in the catalogue'
    : product.inactive
      ? 'is inactive'
      : product.productClass === 'Bundle'
        ? 'is a bundle, which cannot be billed by count'
        : undefined
  if (why) throw new Problem('invalid', `Product ${id} ${why}.`, { places: [place('productId', why)] })
}

const place = (path: string, message: string) => ({ path, message })

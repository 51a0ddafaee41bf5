import { html } from 'hono/html'
import type { AdditionRecord, AgreementRecord, World } from './manage/world.ts'

/** What this ConnectWise holds now: companies, their agreements, and each addition with its quantity. */
export function worldPage(world: World): Response {
  const agreements = world.agreements.rows()
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="refresh" content="5" />
        <title>Sandbox ConnectWise</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>Sandbox ConnectWise</h1>
        <p>
          ${world.companies.size} companies, ${agreements.length} agreements, ${world.additions.size} additions. Changed
          by TrueUp: <mark>marked</mark>. Read again every five seconds.
        </p>
        <table>
          <thead>
            <tr>
              <th>Company</th>
              <th>Agreement</th>
              <th>Addition</th>
              <th>Product</th>
              <th class="number">Quantity</th>
              <th class="number">Price</th>
              <th>Updated</th>
            </tr>
          </thead>
          <tbody>
            ${agreements.flatMap((agreement) =>
              world.additions.of(agreement.id).map((addition) => additionRow(world, agreement, addition)),
            )}
          </tbody>
        </table>
      </body>
    </html>`
  return new Response(String(page), { headers: { 'content-type': 'text/html; charset=utf-8' } })
}

function additionRow(world: World, agreement: AgreementRecord, addition: AdditionRecord) {
  const { quantity, unitPrice, _info } = addition
  const currency = world.currencies.get(agreement.currency?.id ?? 1)?.currencyIdentifier
  const shown = _info.updatedBy === 'TrueUp' ? html`<mark>${quantity}</mark>` : quantity
  return html`<tr>
    <td>${world.companies.get(agreement.company.id)?.name}</td>
    <td>${agreement.name} (${agreement.id})</td>
    <td>${addition.id}</td>
    <td>${world.products.get(addition.product.id)?.description}</td>
    <td class="number">${shown}</td>
    <td class="number">${unitPrice} ${currency}</td>
    <td>${_info.lastUpdated.replace('T', ' ')} by ${_info.updatedBy}</td>
  </tr>`
}

const style = `
  :root { color-scheme: light dark; font: 0.9rem/1.4 system-ui, sans-serif; }
  body { max-width: 75rem; margin: 0 auto; padding: 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: 0.2rem 0.6rem; border-bottom: 1px solid #8884; }
  .number { text-align: right; font-variant-numeric: tabular-nums; }
`

import { hx } from '#views/hx.ts'
import { GoTo } from '#views/screen.tsx'
import { Check } from './check.tsx'
import { PrerequisiteRecipes } from './recipes.tsx'
import { type SetupProps, SetupScreen } from './setup.tsx'

interface MappingStepProps {
  accounts: number
  companyOnly: number
  unmapped: number
  mappings: number
  included: number
  parked: number
  withoutAddition: number
  /** Names of sources without a product of their own. */
  withoutProduct: readonly string[]
}

export const MappingStep = ({ setup, ...counts }: MappingStepProps & { setup: SetupProps }) => (
  <SetupScreen {...setup}>
    <section class="card" aria-labelledby="mapped">
      <h2 id="mapped">Who is billed where</h2>
      <dl>
        <dt>Accounts the sources named</dt>
        <dd>{counts.accounts}</dd>
        <dt>Mappings</dt>
        <dd>
          {counts.mappings}, {counts.included} of them included
        </dd>
        <dt>Not mapped</dt>
        <dd>{counts.unmapped}</dd>
      </dl>
      <p>An account is billed only when it is mapped and included; everything starts excluded.</p>
      <div class="actions">
        <button
          type="button"
          class={counts.included === 0 ? 'primary' : undefined}
          {...hx({ get: '/mappings', target: '#main', swap: 'innerHTML' })}
        >
          Open Mapping
        </button>
      </div>
    </section>
    <section class="card" aria-labelledby="missing">
      <h2 id="missing">What may be missing in ConnectWise</h2>
      <ul class="lines">
        <Check ok={counts.withoutProduct.length === 0} title="Product">
          {counts.withoutProduct.length === 0
            ? 'Each source has its product.'
            : `${counts.withoutProduct.join(', ')}: no product chosen, so pickers offer the whole catalogue.`}
        </Check>
        <Check ok={counts.companyOnly === 0} title="Agreement">
          {counts.companyOnly === 0
            ? 'Each account with a company has its agreement.'
            : `${counts.companyOnly} with a company have no agreement and addition yet.`}
        </Check>
        <Check ok={counts.withoutAddition === 0} title="Addition">
          {counts.withoutAddition === 0
            ? 'Each included mapping has its addition.'
            : `${counts.withoutAddition} found none yet: an ongoing one of the product is taken over, else making one is asked.`}
        </Check>
        <Check ok={counts.parked === 0} title="Parked">
          {counts.parked === 0 ? 'Nothing is parked.' : `${counts.parked} have to be mapped again.`}
        </Check>
      </ul>
      <p>
        By hand in ConnectWise, as below, or by TrueUp with the next approved plan: “Create …” stands beside each picker
        of <GoTo path="/mappings?status=unmapped">accounts that are not mapped</GoTo> and of{' '}
        <GoTo path="/mappings/products">SKUs without a product</GoTo>. Settings › Configuration says what may be made.
      </p>
      <PrerequisiteRecipes />
    </section>
  </SetupScreen>
)

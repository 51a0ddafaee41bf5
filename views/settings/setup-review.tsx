import { hx } from '#views/hx.ts'
import { Notice } from '#views/notice.tsx'
import { Check } from './check.tsx'
import { type SetupProps, SetupScreen } from './setup.tsx'

interface ReviewProps {
  mode: 'observe' | 'live' | 'reconcile'
  /** The newest plan, with when it was made. */
  plan?: { id: string; madeAt: string }
  included: number
  checks: readonly { title: string; ok: boolean; text: string }[]
}

export const ReviewStep = ({ setup, mode, plan, included, checks }: ReviewProps & { setup: SetupProps }) => (
  <SetupScreen {...setup}>
    {mode === 'live' && <Notice kind="good" title="Set-up is finished: a first plan was approved." />}
    {mode !== 'live' && <FirstPlan included={included} {...(plan ? { plan } : {})} />}
    <section class="card" aria-labelledby="worked">
      <h2 id="worked">How to know that it works</h2>
      <ul class="lines">
        {checks.map(({ title, ok, text }) => (
          <Check ok={ok} title={title}>
            {text}
          </Check>
        ))}
      </ul>
      <p class="hint">Look again after the first night.</p>
    </section>
  </SetupScreen>
)

const FirstPlan = ({ plan, included }: Pick<ReviewProps, 'plan' | 'included'>) => (
  <section class="card" aria-labelledby="first-plan">
    <h2 id="first-plan">The first plan</h2>
    {included === 0 ? (
      <p>Nothing is included yet: map an account and include it, then a plan can be made.</p>
    ) : (
      <p>
        A plan shows every change before it is made. Approving it writes them and is the last step: from then on runs
        write what stays inside the limits.
      </p>
    )}
    <div class="actions">
      {plan && (
        <button type="button" class="primary" {...hx({ get: `/plans/${plan.id}`, target: '#main', swap: 'innerHTML' })}>
          Review and finish
        </button>
      )}
      {included > 0 && (
        <button
          type="button"
          class={plan ? undefined : 'primary'}
          {...hx({ post: '/setup/plan', target: '#planning', disable: 'this' })}
        >
          {plan ? 'Make it again' : 'Make the first plan'}
        </button>
      )}
    </div>
    {plan && <p class="quiet">Made {plan.madeAt}.</p>}
    <div id="planning" />
  </section>
)

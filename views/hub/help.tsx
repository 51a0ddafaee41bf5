import { Badge } from '#views/badge.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { SmallestRole, VendorRoles } from '#views/settings/rights.tsx'
import { Issues, Questions } from './help-issues.tsx'
import { Recipes, Responsibilities } from './help-recipes.tsx'

/** One question on the way from “it did not run” to its cause. */
export interface Check {
  question: string
  ok: boolean
  answer: string
  step?: { path: string; text: string }
}

export interface HelpProps {
  standing: Standing
  checks: readonly Check[]
  /** For support, without secrets. */
  report: string
}

export const HelpScreen = ({ standing, checks, report }: HelpProps) => (
  <HubScreen standing={standing} place="/help" title="Help">
    <WhyNot checks={checks} report={report} />
    <Issues />
    <Questions />
    <Responsibilities />
    <section class="card" aria-labelledby="rights">
      <h2 id="rights">What the API member of ConnectWise needs</h2>
      <SmallestRole />
      <VendorRoles />
    </section>
    <Recipes />
  </HubScreen>
)

/** FEATURES X19: the questions in the order in which they are worth asking. */
const WhyNot = ({ checks, report }: Pick<HelpProps, 'checks' | 'report'>) => (
  <section class="card" aria-labelledby="why">
    <h2 id="why">Why did it not run?</h2>
    <ol class="lines">
      {checks.map(({ question, ok, answer, step }) => (
        <li>
          <span class="name">{question}</span>
          <span class="state">{ok ? <Badge kind="good">Yes</Badge> : <Badge kind="bad">No</Badge>}</span>
          <span class="reason">{answer}</span>
          {step && !ok && (
            <span class="more">
              <GoTo path={step.path}>{step.text}</GoTo>
            </span>
          )}
        </li>
      ))}
    </ol>
    <details>
      <summary>A report for support</summary>
      <p class="quiet">It names no customer and holds no secret.</p>
      <pre class="selectable" id="report" tabindex={0}>
        {report}
      </pre>
      <button type="button" data-copy="#report">
        Copy
      </button>
    </details>
  </section>
)

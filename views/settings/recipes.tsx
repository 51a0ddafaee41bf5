import type { Child } from 'hono/jsx'

const Recipe = ({ title, steps }: { title: string; steps: readonly Child[] }) => (
  <details>
    <summary>{title}</summary>
    <ol>
      {steps.map((step) => (
        <li>{step}</li>
      ))}
    </ol>
  </details>
)

/** Where the four credentials are found (K2, K3), always in sight beside the fields. */
export const WhereToFind = () => (
  <div class="hint">
    <p>
      <b>Site and company</b>: as on the ConnectWise login page; also under System › My Company.
    </p>
    <p>
      <b>Public and private key</b>: System › Members › API Members › API Keys. The private key is shown once, when it
      is made: copy it then.
    </p>
  </div>
)

/** The security role and the API member, step by step (K18, K19). */
export const KeyRecipes = () => (
  <>
    <Recipe
      title="1. Make the security role"
      steps={[
        'In ConnectWise open System › Security Roles and press +.',
        <>
          Name it <code>TrueUp API</code> and save.
        </>,
        'Set the levels of the table “Smallest role”, leave everything else at None, and save.',
      ]}
    />
    <Recipe
      title="2. Make the API member and its keys"
      steps={[
        'Open System › Members › API Members and press +.',
        <>
          Member id <code>TrueUp</code>, member name <code>TrueUp API</code>, your contact e-mail; fill in what else is
          required.
        </>,
        <>
          Choose the role <code>TrueUp API</code> and save.
        </>,
        'Open its tab API Keys, press +, describe the key, save, and copy both keys before you leave the page.',
      ]}
    />
  </>
)

/** What has to exist in ConnectWise before an account can be billed (S17). */
export const PrerequisiteRecipes = () => (
  <>
    <Recipe
      title="A product is missing"
      steps={[
        'Open Procurement › Product Catalog and press +.',
        'Give it a product id, a description and the class Service or Agreement; never Bundle.',
        'Save, then choose it here: the list of products is read again.',
      ]}
    />
    <Recipe
      title="An agreement is missing"
      steps={[
        'Open the company, tab Agreements, and press +.',
        'Choose a type whose products are billable, a start date, and no end date for an open contract.',
        'Set the billing cycle and the currency as the customer is invoiced, and save.',
      ]}
    />
    <Recipe
      title="An addition is missing"
      steps={[
        'Open the agreement, tab Additions, and press +.',
        'Choose the product, the quantity billed today, price and effective date, and save.',
        'Or map to the product only: TrueUp takes over the ongoing addition of that product, or asks to make one.',
      ]}
    />
  </>
)

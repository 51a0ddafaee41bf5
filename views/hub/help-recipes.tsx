interface Recipe {
  title: string
  where: string
  steps: readonly string[]
}

/** How things are made in ConnectWise, as TrueUp needs them (FEATURES Q5–Q7, Q10, Q11, Q15). */
const recipes: readonly Recipe[] = [
  {
    title: 'A company',
    where: 'Companies › Companies › +',
    steps: [
      'Company name, and a company id without spaces.',
      'Status Active, type Customer.',
      'At least one site: it carries the billing address.',
      'At least one contact, so that an agreement can be made.',
    ],
  },
  {
    title: 'An agreement',
    where: 'Finance › Agreements › +',
    steps: [
      'A name that tells customers what it is for.',
      'A type and an agreement whose Bill Products is Billable.',
      'A start date; no ending date while the contract is open.',
      'The billing cycle of the source, and its currency. ConnectWise does not convert.',
      'An addition of the product for each number that TrueUp is to keep.',
    ],
  },
  {
    title: 'A product',
    where: 'Procurement › Product Catalog › +',
    steps: [
      'A product id that stays, such as the vendor’s SKU, and a short description.',
      'Category and subcategory, for cloud services those of managed services.',
      'Product type Fixed Cost Service; class Non-Inventory; unit User, Each or Month.',
      'Active and billable. The customer description is what is printed, else the description.',
    ],
  },
  {
    title: 'An agreement type',
    where: 'System › Setup Tables › Agreement Type',
    steps: [
      'A clear name. What is set here is what new agreements of the type start with.',
      'Billing cycle as the source bills; based on the contract year or the calendar year.',
      'Bill Products: Billable.',
    ],
  },
  {
    title: 'The currency of an agreement',
    where: 'The agreement › Recurring Invoicing Parameters',
    steps: ['Choose the currency the source bills in, and save.', 'Confirm it before you map cost or price.'],
  },
  {
    title: 'Invoices from agreements',
    where: 'Finance › Invoicing › Agreement Invoicing',
    steps: [
      'Choose the thru date and the invoice date, and search.',
      'One row stands for one agreement and period; its recurring additions are under Items to Bill.',
      'Tick the rows and create the invoices. TrueUp never makes invoices.',
    ],
  },
  {
    title: 'Comparing with ConnectWise’s own report',
    where: 'The agreement › Reconciliation',
    steps: ['Give the first and the last day of the period, and press OK.'],
  },
]

export const Recipes = () => (
  <section class="card" aria-labelledby="recipes">
    <h2 id="recipes">Recipes</h2>
    {recipes.map(({ title, where, steps }) => (
      <details>
        <summary>{title}</summary>
        <p class="quiet">{where}</p>
        <ol>
          {steps.map((step) => (
            <li>{step}</li>
          ))}
        </ol>
      </details>
    ))}
  </section>
)

/** FEATURES Q8. */
export const Responsibilities = () => (
  <section class="card" aria-labelledby="responsibilities">
    <h2 id="responsibilities">What TrueUp does, what you do</h2>
    <div class="columns">
      <div>
        <h3>TrueUp</h3>
        <ul>
          <li>Reads counts and usage from the source, and agreements and additions from ConnectWise.</li>
          <li>
            Keeps the quantity of each mapped addition equal to its count; cost and price when you switch them on.
          </li>
          <li>Asks before anything surprising, records every value it writes, and shows why.</li>
          <li>Never deletes, never invoices, never touches lines it was not told about.</li>
        </ul>
      </div>
      <div>
        <h3>You</h3>
        <ul>
          <li>Make companies, agreements and products, and say which account belongs where.</li>
          <li>Include the accounts that are to be billed, and approve what is held.</li>
          <li>Make the invoices in ConnectWise, after the last run of the month.</li>
          <li>Correct in ConnectWise what ConnectWise should say; TrueUp keeps your correction.</li>
        </ul>
      </div>
    </div>
  </section>
)

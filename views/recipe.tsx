interface Recipe {
  title: string
  where: string
  steps: readonly string[]
}

/** How things are made and found in ConnectWise, as TrueUp needs them (FEATURES Q5–Q7, Q10–Q12, Q14, Q15, P21). */
const recipes = {
  company: {
    title: 'A company',
    where: 'Companies › Companies › +',
    steps: [
      'Company name, and a company id without spaces.',
      'Status Active, type Customer.',
      'At least one site: it carries the billing address.',
      'At least one contact, so that an agreement can be made.',
    ],
  },
  agreement: {
    title: 'An agreement',
    where: 'Finance › Agreements › +',
    steps: [
      'A name that tells customers what it is for.',
      'A type and an agreement whose Bill Products is Billable.',
      'A start date; No Ending Date while the contract is open. A cancelled agreement takes nothing any more.',
      'The billing cycle of the source, and its currency. ConnectWise does not convert.',
      'An addition of the product for each number that TrueUp is to keep; for invoice lines none, TrueUp makes them.',
    ],
  },
  product: {
    title: 'A product',
    where: 'Procurement › Product Catalog › +',
    steps: [
      'A product id that is unique and stays, such as the vendor’s SKU, and a short description.',
      'Category and subcategory, for cloud services those of managed services.',
      'Product type Fixed Cost Service, or Software for a licence that is paid once; class Non-Inventory, never Bundle.',
      'Unit of measure Month, or Each or User for seats.',
      'The agreement type it is billed under; active and billable.',
      'Integration Cross Reference: the source’s offer id. TrueUp then offers this product for that offer.',
      'Customer Description is what invoices print; without one they print the description.',
    ],
  },
  agreementType: {
    title: 'An agreement type',
    where: 'System › Setup Tables › Agreement Type',
    steps: [
      'A clear name: agreements that TrueUp makes are called after it. Default preselects it for people.',
      'Billing cycle as the source bills; based on the contract year, from the start date, or on the calendar year.',
      'Bill Products: Billable.',
      'Integration Cross Reference may stay empty; Automatically Generate Invoices as you wish.',
      'What is set here is what new agreements of the type start with.',
    ],
  },
  currency: {
    title: 'The currency of an agreement',
    where: 'The agreement › Recurring Invoicing Parameters',
    steps: [
      'Choose under Currency what the source bills in, and save.',
      'Confirm it before you map: lines in another currency are blocked, and nothing is converted.',
    ],
  },
  invoicing: {
    title: 'Invoices from agreements',
    where: 'Finance › Invoicing › Agreement Invoicing',
    steps: [
      'Choose the thru date and the invoice date, and search.',
      'One row stands for one agreement and period; its recurring additions are under Items to Bill.',
      'Tick the rows, Create Invoices, and confirm. TrueUp never makes invoices.',
    ],
  },
  customField: {
    title: 'A custom field',
    where: 'System › Setup Tables › Custom Fields',
    steps: [
      'Choose the screen: Company › Company Overview, Agreement › Overview, or Agreement Addition › Additions; press +.',
      'A caption of at most 25 characters, such as Platform account.',
      'Type Text, which holds 100 characters; method Entry Field (List is for fixed values).',
      'A sequence number; tick Display on Screen and Include on List View. Save, and choose it in TrueUp.',
    ],
  },
  correction: {
    title: 'Correcting a posted line',
    where: 'Finance › Agreements › the agreement › Additions › the line',
    steps: [
      'Total Quantity: all units. Less Included: units taken off before billing. Quantity to Bill: what is left.',
      'Unit Price: what one unit is billed at.',
      'Effective Date: the first day billed. Cancelled Date: the last; cleared, the line bills again.',
      'Bill Customer: Billable, Do Not Bill, or No Charge.',
      'Product Invoice Description: what the invoice prints.',
      'Save. TrueUp sees that a person changed it, keeps it, and asks before it writes there again.',
    ],
  },
  reconciliation: {
    title: 'Comparing with ConnectWise’s own report',
    where: 'The agreement › Reconciliation',
    steps: ['Give the first and the last day of the period, and press OK.'],
  },
} as const satisfies Record<string, Recipe>

type RecipeName = keyof typeof recipes
export const recipeNames = Object.keys(recipes) as RecipeName[]

/** One recipe to be opened, beside the screen it concerns. */
export const RecipeOf = ({ name, called, open }: { name: RecipeName; called?: string; open?: boolean }) => {
  const { title, where, steps } = recipes[name]
  return (
    <details {...(open ? { open: true } : {})}>
      <summary>{called ?? `${title} in ConnectWise`}</summary>
      <p class="quiet">{where}</p>
      <ol>
        {steps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
    </details>
  )
}

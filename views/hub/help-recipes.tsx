import { RecipeOf, recipeNames } from '#views/recipe.tsx'

export const Recipes = () => (
  <section class="card" aria-labelledby="recipes">
    <h2 id="recipes">Recipes</h2>
    {recipeNames.map((name) => (
      <RecipeOf name={name} />
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
          <li>Reads counts, usage and invoice lines from the source, agreements and additions from ConnectWise.</li>
          <li>
            Keeps the quantity of each mapped addition equal to its count; cost and price when you switch them on.
          </li>
          <li>
            Posts each invoice line once, with its own days, quantity, cost and price; a posted line stays as it is.
          </li>
          <li>Asks before anything surprising, records every value it writes, and shows why.</li>
          <li>Never deletes, never invoices, never converts money, never touches lines it was not told about.</li>
        </ul>
      </div>
      <div>
        <h3>You</h3>
        <ul>
          <li>Make companies, agreements and products, and say which account belongs where.</li>
          <li>Include the accounts that are to be billed, and approve what is held.</li>
          <li>Choose the agreement type, the rules for days and names, and which product stands for which offer.</li>
          <li>Make the invoices in ConnectWise, after the last run of the month.</li>
          <li>Correct in ConnectWise what ConnectWise should say; TrueUp keeps your correction.</li>
        </ul>
      </div>
    </div>
  </section>
)

import { Screen } from '#views/screen.tsx'

/** What is there before the content is. */
export const Shapes = () => (
  <Screen title="Company">
    <div class="skeleton" aria-busy="true">
      <span class="visually-hidden">Loading the company …</span>
      <span class="bar half" />
      <span class="bar tall" />
      <span class="bar" />
      <span class="bar short" />
    </div>
  </Screen>
)

const tabs = (): HTMLButtonElement[] => [...document.querySelectorAll<HTMLButtonElement>('[role=tab]')]

/** Makes the tabs work by mouse and arrow keys; `opened` is told the id of a tab each time it is shown. */
export function workTabs(opened: (id: number) => void): void {
  for (const tab of tabs()) {
    tab.addEventListener('click', () => show(tab, opened))
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      const all = tabs()
      const next = step === undefined ? undefined : all.at((all.indexOf(tab) + step) % all.length)
      if (!next) return
      show(next, opened)
      next.focus()
    })
  }
}

function show(chosen: HTMLButtonElement, opened: (id: number) => void): void {
  for (const tab of tabs()) {
    const isChosen = tab === chosen
    tab.setAttribute('aria-selected', String(isChosen))
    tab.tabIndex = isChosen ? 0 : -1
    const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '')
    if (panel) panel.hidden = !isChosen
  }
  opened(Number(chosen.id.replace('tab-', '')))
}

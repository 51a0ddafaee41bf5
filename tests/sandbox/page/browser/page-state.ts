import type { ScreenRecord } from '../host.ts'
import type { RegisteredFrame } from '../hosted.ts'

/** What the server wrote into the page for its script. */
export interface PageState {
  record: ScreenRecord
  frames: RegisteredFrame[]
  switches: { events: boolean; answers: boolean }
}

export function stateOf(page: Document): PageState | undefined {
  const text = page.querySelector<HTMLElement>('[data-host]')?.dataset.host
  return text === undefined ? undefined : (JSON.parse(text) as PageState)
}

export const iframeOf = ({ id }: { id: number }): HTMLIFrameElement | null =>
  document.querySelector<HTMLIFrameElement>(`#frame-${id}`)

export const say = (text: string): void => {
  const message = document.querySelector('#message')
  if (message) message.textContent = text
}

/** Puts the live parts of a newly read page in the place of the old ones. */
export function swapIn(page: Document): void {
  document.title = page.title
  for (const fresh of page.querySelectorAll('[data-live]')) {
    const old = document.getElementById(fresh.id)
    if (!old) continue
    if (old instanceof HTMLElement && fresh instanceof HTMLElement) fresh.hidden = old.hidden
    old.replaceWith(fresh)
  }
}

/** Reads a page of this server. Throws when there is none. */
export async function readPage(url: string, init?: RequestInit): Promise<Document> {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(`The page answered ${response.status}.`)
  return new DOMParser().parseFromString(await response.text(), 'text/html')
}

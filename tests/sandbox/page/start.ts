import { type Listening, listen } from '../manage/listen.ts'
import type { Manage } from '../manage/manage.ts'
import { createManagePage, type ManagePage } from './manage-page.tsx'

export interface SandboxPage extends Listening, ManagePage {}

/** Serves the Manage page and the REST API behind it on a port of this machine, 0 for any free one. */
export async function startSandboxPage(manage: Manage, now: () => number, port = 0): Promise<SandboxPage> {
  const page = createManagePage({ manage, now })
  const listening = await listen({ fetch: (input) => page.fetch(input as Request) }, port)
  return { ...page, ...listening }
}

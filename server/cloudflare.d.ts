/** The one function of this module that we use; its published types bring globals along that are not Node's. */
declare module 'cloudflare:workers' {
  export function waitUntil(work: Promise<unknown>): void
}

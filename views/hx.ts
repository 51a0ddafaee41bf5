import { createContext, useContext } from 'hono/jsx'

/** The nonce of the answer under way. htmx's CSP extension strips `hx-` attributes of elements without it. */
export const Nonce = createContext('')

interface Hx {
  get?: string
  post?: string
  put?: string
  patch?: string
  delete?: string
  /** A CSS selector, `closest tr`, `this`; absent: the element itself. */
  target?: string
  swap?: 'innerHTML' | 'outerHTML' | 'outerMorph' | 'innerMorph' | 'beforeend' | 'delete' | 'none'
  /** A CSS selector: only this part of the answer is put in. */
  select?: string
  /** `load`, `every 2s`, `input changed delay:200ms`; absent: what the element does by itself. */
  trigger?: string
  /** Further fields to send: a CSS selector. */
  include?: string
  /** Further values to send. */
  vals?: Record<string, string>
  /** Asked before it is sent. */
  confirm?: string
  /** What happens to a second request meanwhile, `this:drop`. */
  sync?: string
  /** What is disabled meanwhile: a CSS selector. */
  disable?: string
}

/** The attributes that make an element ask the server: `<button {...hx({ post: '/runs', target: '#main' })}>`. */
export function hx({ vals, ...rest }: Hx): Record<string, string> {
  const pairs = Object.entries(rest).map(([name, value]) => [`hx-${name}`, value])
  return {
    ...Object.fromEntries(pairs),
    ...(vals ? { 'hx-vals': JSON.stringify(vals) } : {}),
    'hx-nonce': useContext(Nonce),
  }
}

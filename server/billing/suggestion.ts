/** A company that an account may stand for. */
export interface Candidate {
  id: number
  name: string
  /** ConnectWise's own short name, `CONTOSO`. */
  identifier: string
}

/** The best company for an account, found by its name; a person accepts it or not (FEATURES 4.8). */
export interface Suggestion {
  companyId: number
  /** 0.850 to 1.000, as people read it. */
  score: string
  /** What was alike, in words. */
  reason: string
}

/** Scores are whole thousandths, so that leads are compared exactly. */
const enough = 850
const lead = 50

const legalForms = new Set(
  'ltd limited inc incorporated llc llp plc gmbh ag kg bv nv sa sas sarl srl spa oy ab as aps pty co company corp corporation the'.split(
    ' ',
  ),
)

/** A name without what names are written with: case, marks, punctuation, spaces, legal forms. */
export function normalised(text: string): string {
  const words = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/['’.]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  const telling = words.filter((word) => !legalForms.has(word))
  return (telling.length > 0 ? telling : words).join('')
}

/** How alike two texts are, in thousandths: 1000 when equal once normalised, else by the letter pairs they share. */
export function likeness(a: string, b: string): number {
  return bestOf(normalised(a), indexOf([{ id: 1, name: b, identifier: '' }])).best?.score ?? 0
}

/**
 * The company each account of one source may be mapped to. `taken` are companies mapped to other accounts of that source:
 * they are compared like all others, and never suggested. Ties and doubts give nothing.
 */
export function suggest(
  accounts: readonly { account: string; name: string }[],
  companies: readonly Candidate[],
  taken: ReadonlySet<number>,
): Map<string, Suggestion> {
  const index = indexOf(companies)
  const ranked = accounts.map(({ account, name }) => ({ account, ...bestOf(normalised(name), index) }))
  const rivals = rivalsOf(ranked)
  return new Map(
    ranked.flatMap(({ account, best, next }) => {
      if (!best || best.score < enough || best.score - next < lead || taken.has(best.company.id)) return []
      const rival = rivals.get(best.company.id)?.find((other) => other.account !== account)
      return rival && best.score - rival.score < lead ? [] : [[account, suggestionOf(best)] as const]
    }),
  )
}

interface Match {
  company: Candidate
  by: 'name' | 'identifier'
  score: number
}

interface Ranked {
  account: string
  best: Match | undefined
  /** The score of the next company, 0 without one. */
  next: number
}

/** Per company the accounts it is the best of, the most alike first. */
function rivalsOf(ranked: readonly Ranked[]): Map<number, { account: string; score: number }[]> {
  const rivals = new Map<number, { account: string; score: number }[]>()
  for (const { account, best } of ranked) {
    if (!best) continue
    const others = rivals.get(best.company.id) ?? []
    rivals.set(
      best.company.id,
      [...others, { account, score: best.score }].sort((a, b) => b.score - a.score).slice(0, 2),
    )
  }
  return rivals
}

const suggestionOf = ({ company, by, score }: Match): Suggestion => ({
  companyId: company.id,
  score: (score / 1000).toFixed(3),
  reason: `${score === 1000 ? 'the same' : 'nearly the same'} ${by === 'name' ? 'name' : 'ConnectWise id'}`,
})

interface Indexed {
  company: Candidate
  by: Match['by']
  text: string
  pairs: number
}

/** Every company text by its letter pairs, so that an account is compared only with texts that share one. */
interface Index {
  texts: readonly Indexed[]
  byPair: ReadonlyMap<string, readonly [text: number, count: number][]>
  byText: ReadonlyMap<string, readonly number[]>
}

function indexOf(companies: readonly Candidate[]): Index {
  const texts: Indexed[] = []
  const byPair = new Map<string, [number, number][]>()
  const byText = new Map<string, number[]>()
  for (const company of companies)
    for (const by of ['name', 'identifier'] as const) {
      const text = normalised(company[by])
      if (text === '') continue
      const at = texts.push({ company, by, text, pairs: text.length - 1 }) - 1
      for (const [pair, count] of pairsOf(text)) listIn(byPair, pair).push([at, count])
      listIn(byText, text).push(at)
    }
  return { texts, byPair, byText }
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

/** The most alike company and the score of the next one. */
function bestOf(text: string, index: Index): { best: Match | undefined; next: number } {
  let best: Match | undefined
  let next = 0
  for (const [at, score] of scoresOf(text, index)) {
    const one = index.texts[at]
    if (!one || score === 0) continue
    const isSame = best?.company.id === one.company.id
    if (score > (best?.score ?? 0)) {
      if (!isSame) next = best?.score ?? 0
      best = { company: one.company, by: one.by, score }
    } else if (!isSame) next = Math.max(next, score)
  }
  return { best, next }
}

/** How alike each company text is, in thousandths. */
function scoresOf(text: string, { texts, byPair, byText }: Index): IterableIterator<[number, number]> {
  const common = new Uint16Array(texts.length)
  for (const [pair, count] of pairsOf(text))
    for (const [at, theirs] of byPair.get(pair) ?? []) common[at] = (common[at] ?? 0) + Math.min(count, theirs)
  const scores = common.map((shared, at) =>
    shared === 0 ? 0 : Math.round((2000 * shared) / (text.length - 1 + (texts[at]?.pairs ?? 0))),
  )
  for (const at of byText.get(text) ?? []) scores[at] = 1000
  return scores.entries()
}

/** Each pair of neighbouring letters and how often it comes. */
function pairsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>()
  for (let at = 0; at + 1 < text.length; at++) {
    const pair = text.slice(at, at + 2)
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  return pairs
}

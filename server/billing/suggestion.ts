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

/** What names were found to be like among one list of companies, by normalised name: worth keeping as long as that list stays. */
export type Ranking = Map<string, Best>

/**
 * The company each account of one source may be mapped to. `taken` are companies mapped to other accounts of that source:
 * they are compared like all others, and never suggested. Ties and doubts give nothing. `ranking` is of the same companies;
 * what is missing in it is added.
 */
export function suggest(
  accounts: readonly { account: string; name: string }[],
  companies: readonly Candidate[],
  taken: ReadonlySet<number>,
  ranking: Ranking = new Map(),
): Map<string, Suggestion> {
  const named = accounts.map(({ account, name }) => ({ account, text: normalised(name) }))
  rank(
    named.map(({ text }) => text),
    companies,
    ranking,
  )
  const ranked = named.map(({ account, text }) => ({ account, ...(ranking.get(text) ?? nothingAlike) }))
  const rivals = rivalsOf(ranked)
  return new Map(
    ranked.flatMap(({ account, best, next }) => {
      if (!best || best.score < enough || best.score - next < lead || taken.has(best.company.id)) return []
      const rival = rivals.get(best.company.id)?.find((other) => other.account !== account)
      return rival && best.score - rival.score < lead ? [] : [[account, suggestionOf(best)] as const]
    }),
  )
}

function rank(texts: readonly string[], companies: readonly Candidate[], ranking: Ranking): void {
  const missing = new Set(texts.filter((text) => !ranking.has(text)))
  if (missing.size === 0) return
  const index = indexOf(companies)
  for (const text of missing) ranking.set(text, bestOf(text, index))
}

interface Match {
  company: Candidate
  by: 'name' | 'identifier'
  score: number
}

interface Best {
  best: Match | undefined
  /** The score of the next company, 0 without one. */
  next: number
}

type Ranked = Best & { account: string }

const nothingAlike: Best = { best: undefined, next: 0 }

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
}

/** Every company text by its letter pairs, so that an account is compared only with texts that share one. */
interface Index {
  texts: readonly Indexed[]
  /** How many pairs each text has. */
  pairs: Uint16Array
  byPair: ReadonlyMap<string, readonly number[]>
  byText: ReadonlyMap<string, readonly number[]>
}

function indexOf(companies: readonly Candidate[]): Index {
  const texts: Indexed[] = []
  const byPair = new Map<string, number[]>()
  const byText = new Map<string, number[]>()
  for (const company of companies)
    for (const by of ['name', 'identifier'] as const) {
      const text = normalised(company[by])
      if (text === '') continue
      const at = texts.push({ company, by, text }) - 1
      for (const pair of pairsOf(text)) listIn(byPair, pair).push(at)
      listIn(byText, text).push(at)
    }
  return { texts, pairs: Uint16Array.from(texts, ({ text }) => text.length - 1), byPair, byText }
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

/** The most alike company and the score of the next one. */
function bestOf(text: string, index: Index): Best {
  let best: Match | undefined
  let next = 0
  scoresOf(text, index).forEach((score, at) => {
    if (score <= next) return
    const one = index.texts[at]
    if (!one) return
    const isSame = best?.company.id === one.company.id
    if (score > (best?.score ?? 0)) {
      if (!isSame) next = best?.score ?? 0
      best = { company: one.company, by: one.by, score }
    } else if (!isSame) next = score
  })
  return { best, next }
}

/** How alike each company text is, in thousandths. */
function scoresOf(text: string, { pairs, byPair, byText }: Index): Uint16Array {
  const common = new Uint16Array(pairs.length)
  for (const pair of pairsOf(text)) for (const at of byPair.get(pair) ?? []) common[at] = (common[at] ?? 0) + 1
  const scores = common.map((shared, at) =>
    shared === 0 ? 0 : Math.round((2000 * shared) / (text.length - 1 + (pairs[at] ?? 0))),
  )
  for (const at of byText.get(text) ?? []) scores[at] = 1000
  return scores
}

/** Every pair of neighbouring letters, numbered where it comes again, so that texts share as many as both have. */
function pairsOf(text: string): string[] {
  const times = new Map<string, number>()
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => {
    const pair = text.slice(at, at + 2)
    const before = times.get(pair) ?? 0
    times.set(pair, before + 1)
    return `${pair}${before}`
  })
}

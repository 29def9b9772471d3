import { starsMatcher } from '../attribution/text-pattern.ts'
import type { UsageRow } from '../usage.ts'
import { builtInJunk, type JunkRule, leastMisses } from './rules.ts'

/** How much a rule sets apart. */
export interface JunkCount {
  rule: string
  because: string
  connections: number
  /** Accounts that these connections would count for. */
  accounts: number
}

/** A client of no account, as far as the roll-up tells it from others. */
export type Crawler = [source: string, userAgent: string]

export interface SetApart {
  kept: UsageRow[]
  /** In the order of the rules; rules that set nothing apart are left out. */
  junk: JunkCount[]
  /** For rows that are asked for later: the rule by which one is junk; undefined when it counts. */
  ruleOf: ReturnType<typeof junkReader>
  crawlers: Crawler[]
  /** Whether all that is known of an account is junk, so that it is none. */
  isJunkAccount(account: string): boolean
}

/** Takes the junk out of rows, and says how much there was; `isCounted` limits the count, not what is taken out. */
export function setApart(
  rows: readonly UsageRow[],
  rules: readonly JunkRule[] = builtInJunk,
  isCounted: (row: UsageRow) => boolean = () => true,
): SetApart {
  const crawlers = crawlersIn(rows, rules)
  const ruleOf = junkReader(rules, crawlers)
  const kept: UsageRow[] = []
  const counts = new Map<JunkRule, { connections: number; accounts: Set<string> }>()
  const keptAccounts = new Set<string>()
  const junkAccounts = new Set<string>()
  for (const row of rows) {
    const rule = ruleOf(row)
    if (rule === undefined) {
      kept.push(row)
      keptAccounts.add(row.account)
      continue
    }
    junkAccounts.add(row.account)
    if (!isCounted(row)) continue
    const count = counts.get(rule) ?? { connections: 0, accounts: new Set<string>() }
    counts.set(rule, count)
    count.connections += row.connections
    if (row.account !== '') count.accounts.add(row.account)
  }
  const junk = rules.flatMap(rule => {
    const count = counts.get(rule)
    if (!count) return []
    return [
      {
        rule: rule.name,
        because: rule.because,
        connections: count.connections,
        accounts: count.accounts.size,
      },
    ]
  })
  const isJunkAccount = (account: string) =>
    !keptAccounts.has(account) &&
    (junkAccounts.has(account) || ruleOf({ source: '', account, userAgent: '' }) !== undefined)
  return { kept, junk, crawlers, ruleOf, isJunkAccount }
}

type Told = Pick<UsageRow, 'source' | 'account' | 'userAgent'>

/** A function that names the rule by which a row is junk, the first that fits; undefined when it counts. */
export function junkReader(
  rules: readonly JunkRule[],
  crawlers: readonly Crawler[],
): (row: Told) => JunkRule | undefined {
  const isCrawler = new Set(crawlers.map(([source, agent]) => `${source}\n${agent}`))
  const found = rules.map((rule): ((row: Told) => boolean) => {
    if (rule.by === 'user-agent') {
      const fits = remembered(rule.patterns)
      return row => row.userAgent !== '' && fits(row.userAgent)
    }
    if (rule.by === 'account') {
      const fits = remembered(rule.patterns)
      return row => row.account !== '' && fits(row.account)
    }
    return row => row.account === '' && isCrawler.size > 0 && isCrawler.has(`${row.source}\n${row.userAgent}`)
  })
  return row => rules[found.findIndex(fits => fits(row))]
}

/** Many rows have the same user agent, or are of the same account. */
function remembered(patterns: readonly string[]): (text: string) => boolean {
  const fits = starsMatcher(patterns)
  const known = new Map<string, boolean>()
  return text => {
    let answer = known.get(text)
    if (answer === undefined) {
      answer = fits(text)
      known.set(text, answer)
    }
    return answer
  }
}

/** Clients of no account of which every request missed, and often enough. One request that did not speaks for them. */
function crawlersIn(rows: Iterable<UsageRow>, rules: readonly JunkRule[]): Crawler[] {
  if (!rules.some(rule => rule.by === 'missed')) return []
  const found = new Map<string, { crawler: Crawler; missed: number; other: boolean }>()
  for (const row of rows) {
    if (row.account !== '' || row.userAgent === '') continue
    const key = `${row.source}\n${row.userAgent}`
    const entry = found.get(key) ?? { crawler: [row.source, row.userAgent], missed: 0, other: false }
    found.set(key, entry)
    if (row.outcome === 'accepted' && row.reason === 'missed') entry.missed += row.connections
    else entry.other = true
  }
  return [...found.values()]
    .filter(({ missed, other }) => !other && missed >= leastMisses)
    .map(({ crawler }) => crawler)
}

import { utcDay } from '../../base/time.ts'
import type { Facts } from '../../identify/judge.ts'
import { clauses, isFallback } from '../../identify/reading.ts'
import type { Floor } from '../../model/policy.ts'

/** Where a number comes from: a query over the roll-up that gives it again, or the rule that makes it. */
export interface Explained {
  number: string
  query: string | null
  rule: string
}

interface Asked {
  facts: Pick<Facts, 'rows' | 'shapes' | 'window' | 'floor' | 'check'>
  mended: ReadonlyMap<string, number>
  /** Only this account. */
  account?: string
}

/** The counts of a report, or of one account, each with a query that can be run against the store. */
export function explainCounts({ facts, mended, account }: Asked, floor: Floor = facts.floor): Explained[] {
  const rows = rowsQuery(facts.window, mended, account)
  const breaks = breaksCondition(facts, floor)
  const sum = (where: string) => `SELECT sum(connections) FROM (${rows}) WHERE ${where}`
  const counted =
    'rows of the roll-up that overlap the window; of mended accounts what came after their last old offer'
  return [
    { number: 'connections', query: sum('true'), rule: counted },
    ...['accepted', 'refused', 'failed'].map(outcome => ({
      number: outcome,
      query: sum(`outcome = '${outcome}'`),
      rule: `${counted}, with this outcome`,
    })),
    {
      number: 'would_break',
      query: sum(breaks),
      rule: `${floor.title}: hellos are negotiated against it one by one, those listed fail; without a hello the version offered, or agreed at an edge that reaches the floor with others, or the clause of a refusal decides`,
    },
    ...(account === undefined
      ? [
          {
            number: 'accounts_that_break',
            query: `SELECT count(DISTINCT account) FROM (${rows}) WHERE account != '' AND ${breaks}`,
            rule: 'accounts with a connection that would break',
          },
        ]
      : []),
  ]
}

/** What a forecast is made of; its trend and rhythms are computed, not queried. */
export function explainForecast(asked: Asked, cleanCycles: number): Explained[] {
  const { facts } = asked
  return [
    {
      number: 'remaining, stopped',
      query: `SELECT account, arraySort(groupUniqArray(day)) AS days FROM (${rowsQuery(facts.window, new Map())}) WHERE account != '' AND ${breaksCondition(facts, facts.floor)} GROUP BY account ORDER BY account`,
      rule: `days with an offer that breaks; stopped when the last lies more than ${cleanCycles} cycles back and a better offer was seen since; a cycle is the longest pause, stretched where no rhythm shows`,
    },
    {
      number: 'per_week',
      query: null,
      rule: 'middle of the slopes between all days of the burn-down (Theil and Sen), range by Kendall’s statistic at 90 %',
    },
    {
      number: 'at_cutoff',
      query: null,
      rule: 'that line at the cutoff, never below 0 nor above those that are left',
    },
    {
      number: 'decision',
      query: null,
      rule: 'go when no more accounts are left than ready.maxAccountsThatBreak allows',
    },
  ]
}

/** As lines for people. */
export function explainText(explained: readonly Explained[]): string {
  return explained
    .map(({ number, query, rule }) => `${number}: ${rule}\n${query === null ? '' : `  ${query}\n`}`)
    .join('')
}

function rowsQuery(window: Facts['window'], mended: ReadonlyMap<string, number>, account?: string): string {
  const keys =
    'day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, operation, user_agent'
  const past = [...mended].map(([name, atMs]) => `(account = ${text(name)} AND day <= '${utcDay(atMs)}')`)
  const where = [
    `day >= '${utcDay(window.fromMs)}' AND day <= '${utcDay(window.toMs - 1)}'`,
    ...(account === undefined ? [] : [`account = ${text(account)}`]),
    ...(past.length > 0 ? [`NOT (${past.join(' OR ')})`] : []),
  ]
  return `SELECT ${keys}, sum(connections) AS connections FROM usage WHERE ${where.join(' AND ')} GROUP BY ${keys} HAVING max(last_seen) >= fromUnixTimestamp64Milli(toInt64(${window.fromMs})) AND min(first_seen) < fromUnixTimestamp64Milli(toInt64(${window.toMs}))`
}

function breaksCondition({ rows, shapes, check }: Asked['facts'], floor: Floor): string {
  const failing = [...shapes.values()]
    .filter(({ offer }) => !isFallback(offer) && check(offer) !== null)
    .map(({ id }) => text(id))
  const known = [...shapes.keys()].map(text)
  const edges = new Set(
    rows
      .filter(row => row.negotiated >= floor.version)
      .map(row => `(${text(row.source)}, ${text(row.service)})`),
  )
  const least = floor.version
  const agreed = edges.size > 0 ? `(source, service) IN (${[...edges].sort().join(', ')})` : 'false'
  const low = `negotiated > 0 AND negotiated < ${least}`
  const refused = `outcome = 'refused' AND reason IN (${[...clauses]
    .filter(clause => clause !== 'fallback')
    .map(text)
    .join(', ')})`
  const unseen = known.length > 0 ? `shape NOT IN (${known.join(', ')})` : 'true'
  return `NOT retry AND (${failing.length > 0 ? `shape IN (${failing.join(', ')})` : 'false'} OR (${unseen} AND ((offered_max > 0 AND offered_max < ${least}) OR (offered_max = 0 AND ${low} AND ${agreed}) OR (offered_max = 0 AND NOT (${low}) AND ${refused}))))`
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

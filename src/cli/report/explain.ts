import { utcDay } from '../../base/time.ts'
import type { Facts } from '../../identify/judge.ts'
import { reader } from '../../identify/reading.ts'
import { remedyFor } from '../../identify/remedies/remedies.ts'
import type { Outcome } from '../../identify/what-if.ts'
import type { AccountVerdict, ClientSeen, Report } from '../../model/verdict.ts'
import { versionName } from '../../model/version.ts'
import { junkCondition } from '../../store/junk.ts'
import type { Gathered } from './gather.ts'
import { readingSql, sqlText } from './reading-sql.ts'
import type { StackRow } from './stacks.ts'

/** Where a number comes from: a query over the roll-up that gives it again (`tlsunset store query`), or the rule that makes it. */
export interface Explained {
  /** Its place in the JSON document of the command: `totals.would_break`, `floors[0].clauses[1].accounts`. */
  number: string
  value: number | null
  query: string | null
  rule: string
}

export interface Asked {
  facts: Pick<Facts, 'rows' | 'shapes' | 'window' | 'floor' | 'check' | 'stackOf'>
  mended: ReadonlyMap<string, number>
  gathered: Pick<Gathered, 'apart' | 'known' | 'rowsFromMs'>
}

const counted = 'rows of the roll-up in the window; of mended accounts what came after their last old offer'
const judged =
  'hellos are negotiated against the floor one by one; without a hello the version offered, or agreed at an edge that reaches the floor with others, or the clause of a refusal decides'

/** Every count of `report`, by version and, where the table is by stack, by stack. */
export function explainReport(
  asked: Asked,
  report: Report,
  byVersion: Readonly<Record<string, number>>,
  byStack: readonly StackRow[] | null,
  exempt: readonly string[],
): Explained[] {
  const { totals } = report
  const ask = counter(asked)
  const named = byTitle(asked)
  const versions = Object.entries(byVersion).map(([name, value]) => {
    const version = report.byVersion.find(entry => versionName(entry.version) === name)?.version ?? 0
    return ask(
      `by_version.${name}`,
      value,
      `if(negotiated > 0, negotiated, offered_max) = ${version}`,
      'the version that was agreed, else the highest offered',
    )
  })
  const ofVersion = (field: 'offered' | 'negotiated', column: string) =>
    report.byVersion
      .filter(entry => entry[field] > 0)
      .map(entry =>
        ask(
          `${field}.${versionName(entry.version)}`,
          entry[field],
          `${column} = ${entry.version}`,
          `rows with this version as ${column}`,
        ),
      )
  return [
    ...totalsOf(ask, 'totals.', totals),
    ask('observations', totals.observations, 'true', counted),
    ask.accounts('totals.accounts_that_break', totals.accountsThatBreak, "reading = 'breaks'"),
    {
      number: 'totals.accounts',
      value: totals.accounts,
      query: accountsQuery(asked, exempt),
      rule: 'accounts that were ever seen, or that the retirement file exempts',
    },
    ...versions,
    ...ofVersion('offered', 'offered_max'),
    ...ofVersion('negotiated', 'negotiated'),
    ...(byStack ?? []).flatMap((stack, i) => {
      const where = named(stack.title)
      const at = `by_stack[${i}]`
      const rule = `rows that show a client, named ${stack.title} by hello and user agent`
      return [
        ask(`${at}.connections`, stack.connections, `reading != 'apart' AND ${where}`, rule),
        ask(`${at}.would_break`, stack.would_break, `reading = 'breaks' AND ${where}`, rule),
        ask.accounts(`${at}.accounts`, stack.accounts, `reading != 'apart' AND ${where}`),
      ]
    }),
  ]
}

/** Every count of `account NAME`, its clients included. */
export function explainAccount(
  asked: Asked,
  verdict: AccountVerdict,
  clients: readonly ClientSeen[],
): Explained[] {
  const ask = counter(asked, verdict.account)
  return [
    ...totalsOf(ask, '', verdict.counts),
    ...clients.flatMap((client, i) => {
      const where =
        client.shape !== ''
          ? `shape = ${sqlText(client.shape)}`
          : `shape = '' AND offered_max = ${client.offeredMax} AND negotiated = ${client.negotiated[0]?.version ?? 0} AND user_agent = ${sqlText(client.userAgents[0] ?? '')}`
      const rule = 'rows of this hello, or of these versions and user agent where no hello was seen'
      return [
        ask(`clients[${i}].connections`, client.counts.connections, where, rule),
        ask(`clients[${i}].would_break`, client.counts.wouldBreak, `${where} AND reading = 'breaks'`, rule),
        ask(`clients[${i}].refused`, client.counts.refused, `${where} AND outcome = 'refused'`, rule),
      ]
    }),
  ]
}

/** Every count of one floor of `what-if`, by clause and by stack. */
export function explainFloor(asked: Asked, outcome: Outcome, at: string): Explained[] {
  const ask = counter(asked)
  const named = byRemedy(asked)
  return [
    ask(`${at}.connections`, outcome.connections, 'true', counted),
    ask(`${at}.would_break`, outcome.wouldBreak, "reading = 'breaks'", judged),
    ask(
      `${at}.by_hello`,
      outcome.byHello,
      "reading = 'breaks' AND by_hello",
      'of those, judged from the hello',
    ),
    ask(`${at}.unsure`, outcome.unsure, "reading = 'unsure'", 'of these nothing certain can be said'),
    ask.accounts(`${at}.accounts`, outcome.accounts, 'true'),
    ask.accounts(`${at}.accounts_that_break`, outcome.accountsThatBreak, "reading = 'breaks'"),
    ...outcome.clauses.flatMap(({ clause, connections, accounts }, i) => {
      const where = `reading = 'breaks' AND clause = ${sqlText(clause)}`
      return [
        ask(
          `${at}.clauses[${i}].connections`,
          connections,
          where,
          `the first clause that fails is ${clause}`,
        ),
        ask.accounts(`${at}.clauses[${i}].accounts`, accounts, where),
      ]
    }),
    ...outcome.stacks.flatMap(({ title, remedy, connections, accounts }, i) => {
      const where = `reading = 'breaks' AND ${named(title, remedy)}`
      const rule = `rows that break, named ${title} by hello and user agent`
      return [
        ask(`${at}.stacks[${i}].connections`, connections, where, rule),
        ask.accounts(`${at}.stacks[${i}].accounts`, accounts, where),
      ]
    }),
  ]
}

/** As lines for people. */
export function explainText(explained: readonly Explained[]): string {
  return explained
    .map(
      ({ number, value, query, rule }) =>
        `${number}${value === null ? '' : ` = ${value}`}: ${rule}\n${query === null ? '' : `  ${query}\n`}`,
    )
    .join('')
}

function counter(asked: Asked, account?: string) {
  const rows = judgedRows(asked, account)
  const ask = (number: string, value: number, where: string, rule: string): Explained => ({
    number,
    value,
    query: `SELECT sum(connections) FROM (${rows}) WHERE ${where}`,
    rule,
  })
  ask.accounts = (number: string, value: number, where: string): Explained => ({
    number,
    value,
    query: `SELECT count(DISTINCT account) FROM (${rows}) WHERE account != '' AND ${where}`,
    rule: 'accounts with such a connection',
  })
  return ask
}

function totalsOf(
  ask: ReturnType<typeof counter>,
  at: string,
  counts: AccountVerdict['counts'],
): Explained[] {
  return [
    ask(`${at}connections`, counts.connections, 'true', counted),
    ...(['accepted', 'refused', 'failed'] as const).map(outcome =>
      ask(`${at}${outcome}`, counts[outcome], `outcome = '${outcome}'`, `${counted}, with this outcome`),
    ),
    ask(`${at}would_break`, counts.wouldBreak, "reading = 'breaks'", judged),
  ]
}

/** Rows as they are counted, each with its reading. */
export function judgedRows(asked: Asked, account?: string, fromMs = asked.facts.window.fromMs): string {
  const { facts, mended, gathered } = asked
  const { toMs } = facts.window
  const isHistory = fromMs !== facts.window.fromMs
  const keys =
    'day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, operation, user_agent'
  const past = isHistory
    ? []
    : [...mended].map(([name, atMs]) => `(account = ${sqlText(name)} AND day <= '${utcDay(atMs)}')`)
  const where = [
    `day >= '${utcDay(fromMs)}' AND day <= '${utcDay(toMs - 1)}'`,
    ...(account === undefined ? [] : [`account = ${sqlText(account)}`]),
    ...(past.length > 0 ? [`NOT (${past.join(' OR ')})`] : []),
    ...(gathered.apart ? [`NOT ${junkCondition(gathered.apart.rules, gathered.apart.crawlers)}`] : []),
  ]
  const whole = isHistory
    ? ''
    : ` HAVING max(last_seen) >= fromUnixTimestamp64Milli(toInt64(${fromMs})) AND min(first_seen) < fromUnixTimestamp64Milli(toInt64(${toMs}))`
  const { reading, clause, byHello } = readingSql(facts, facts.floor)
  return `SELECT *, ${reading} AS reading, ${clause} AS clause, ${byHello} AS by_hello FROM (SELECT ${keys}, sum(connections) AS connections, notEmpty(groupUniqArrayMerge(8)(snis)) AS named FROM usage WHERE ${where.join(' AND ')} GROUP BY ${keys}${whole})`
}

function accountsQuery({ gathered, facts }: Asked, exempt: readonly string[]): string {
  const listed = exempt.length > 0 ? ` UNION ALL SELECT arrayJoin([${exempt.map(sqlText).join(', ')}])` : ''
  const from = gathered.known.length > 0 ? '1970-01-01' : utcDay(facts.window.fromMs)
  return `SELECT count(DISTINCT account) FROM (SELECT account FROM usage WHERE day >= '${from}'${listed}) WHERE account != ''`
}

/** The hellos and user agents of each name, as a condition. */
export function byTitle({ facts }: Asked): (title: string) => string {
  const found = new Map<string, Set<string>>()
  for (const row of facts.rows) {
    const { title } = facts.stackOf(row, facts.shapes.get(row.shape))
    const set = found.get(title) ?? new Set()
    found.set(title, set.add(`(${sqlText(row.shape)}, ${sqlText(row.userAgent)})`))
  }
  return title => tupleIn('shape, user_agent', found.get(title))
}

/** The same of those that break, by name and remedy: what to do depends on the clause as well. */
function byRemedy({ facts }: Asked): (title: string, remedy: string | null) => string {
  const read = reader(facts)
  const found = new Map<string, Set<string>>()
  for (const row of facts.rows) {
    const reading = read(row)
    if (reading.kind !== 'breaks') continue
    const stack = facts.stackOf(row, facts.shapes.get(row.shape))
    const key = `${stack.title}\n${remedyFor(reading.clause, stack)}`
    const set = found.get(key) ?? new Set()
    found.set(key, set.add(`(${sqlText(row.shape)}, ${sqlText(row.userAgent)}, ${sqlText(reading.clause)})`))
  }
  return (title, remedy) => tupleIn('shape, user_agent, clause', found.get(`${title}\n${remedy}`))
}

function tupleIn(columns: string, values: ReadonlySet<string> | undefined): string {
  return values ? `(${columns}) IN (${[...values].sort().join(', ')})` : 'false'
}

import { plural } from '../../base/text.ts'
import { utcDay } from '../../base/time.ts'
import type { Forecast, Remaining } from '../../identify/forecast.ts'
import type { StackHabit } from '../../identify/rhythm.ts'
import type { Policy } from '../../model/policy.ts'
import { type Asked, byTitle, type Explained, judgedRows } from './explain.ts'
import { sqlText } from './reading-sql.ts'
import { type DayOfTraffic, dayQuery } from './traffic.ts'

/** What a forecast is made of: the days of each rhythm and the burn-down by query, the trend and the decision by the numbers they rest on. */
export function explainForecast(
  asked: Asked,
  found: Forecast,
  ready: Policy['ready'],
  traffic: readonly DayOfTraffic[],
): Explained[] {
  const named = byTitle(asked)
  const daysOf = (account: string, where = 'true') =>
    `SELECT count(DISTINCT day) FROM (${judgedRows(asked, account, asked.gathered.rowsFromMs)}) WHERE reading = 'breaks' AND ${where}`
  const ofStack = (at: string, account: string, habit: StackHabit): Explained => ({
    number: `${at}.days_seen`,
    value: habit.rhythm.days,
    query: daysOf(account, named(habit.stack)),
    rule: rhythmRule(habit),
  })
  const ofAccounts = (list: 'remaining' | 'stopped' | 'exempt') =>
    found[list].flatMap(({ account, rhythm, stacks }, i) => [
      {
        number: `${list}[${i}].days_seen`,
        value: rhythm.days,
        query: daysOf(account),
        rule: `days with an offer that breaks, before the window too; stopped when for each stack the last lies more than ${plural(ready.cleanCycles, 'cycle')} back and a better offer was seen since`,
      },
      ...stacks.map((habit, j) => ofStack(`${list}[${i}].stacks[${j}]`, account, habit)),
    ])
  const computed = (number: string, outlook: Forecast['perWeek']): Explained[] =>
    outlook ? [{ number, value: outlook.value, query: null, rule: outlook.working }] : []
  return [
    ...ofAccounts('remaining'),
    ...ofAccounts('stopped'),
    ...ofAccounts('exempt'),
    ...found.nobodys.map((habit, i) => ofStack(`unattributed[${i}]`, '', habit)),
    ...burnDown(asked, found),
    ...trafficOf(asked, found, traffic),
    ...computed('per_week.value', found.perWeek),
    ...computed('at_cutoff.value', found.atCutoff),
    {
      number: 'decision.go',
      value: null,
      query: null,
      rule: `go when no more than ${ready.maxAccountsThatBreak} (ready.maxAccountsThatBreak) of the ${found.remaining.length} in remaining are left; undecided when a source of coverage is silent or unattributed is not empty (${found.nobodys.length})`,
    },
  ]
}

function rhythmRule({ rhythm, stack }: StackHabit): string {
  const days = `days with an offer of ${stack} that breaks`
  if (rhythm.cycleDays === null) return `${days}; one day tells no rhythm`
  const pauses = rhythm.days - 1
  return `${days}; a cycle of ${rhythm.cycleDays} is their longest pause (a week for what leaves out weekends, stretched where no rhythm shows), clean_cycles ${rhythm.cleanCycles} the whole cycles in ${plural(rhythm.awayDays, 'day')} away, would_have_been_seen the ${Math.round(rhythm.wouldHaveBeenSeen * (pauses + 1))} of its ${plural(pauses, 'pause')} that were shorter than that, over ${pauses + 1}`
}

function trafficOf(
  asked: Asked,
  { burnDown: days }: Forecast,
  traffic: readonly DayOfTraffic[],
): Explained[] {
  const last = traffic.findLast(({ day }) => days.some(({ atMs }) => utcDay(atMs) === day))
  if (!last) return []
  return [
    {
      number: `burn_down[${days.findIndex(({ atMs }) => utcDay(atMs) === last.day)}].would_break`,
      value: last.wouldBreak,
      query: dayQuery(asked, last.day),
      rule: 'connections of the day that would break, of accounts and of nobody, junk apart; another day by another date in the query',
    },
  ]
}

/** An account counts up to its last day with an offer that breaks, and on to today unless it has stopped. */
function burnDown(asked: Asked, { burnDown: days, stopped, exempt }: Forecast): Explained[] {
  const last = days.at(-1)
  if (!last) return []
  const among = (list: readonly Remaining[]) =>
    list.length > 0 ? `account IN (${list.map(({ account }) => sqlText(account)).join(', ')})` : 'false'
  const accounts = `SELECT account, max(day) AS last_day FROM (${judgedRows(asked, undefined, asked.gathered.rowsFromMs)}) WHERE reading = 'breaks' AND account != '' GROUP BY account`
  return [
    {
      number: `burn_down[${days.length - 1}].accounts`,
      value: last.accounts,
      query: `SELECT count() FROM (${accounts}) WHERE NOT ${among(exempt)} AND (NOT ${among(stopped)} OR last_day > '${utcDay(last.atMs)}')`,
      rule: 'accounts whose last day with an offer that breaks is yet to come, or that have not stopped; another day of burn_down by another date in the query',
    },
  ]
}

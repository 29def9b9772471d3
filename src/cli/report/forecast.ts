import { utcDay } from '../../base/time.ts'
import { type Forecast, forecastText, type Remaining } from '../../identify/forecast.ts'
import type { Facts } from '../../identify/judge.ts'
import type { Outlook } from '../../identify/outlook.ts'
import { rhythmText, type StackHabit } from '../../identify/rhythm.ts'
import { faultsDocument } from '../faults.ts'
import { textTable, wrapText } from '../text-table.ts'
import { isoTime } from './document.ts'
import { coverageDocument, factLines, gapFacts, junkDocument, junkFact } from './foundations.ts'
import type { Gathered } from './gather.ts'
import { stackHabitDocument } from './rhythms.ts'
import type { View } from './text.ts'
import { type DayOfTraffic, trafficText } from './traffic.ts'

/** What `forecast --json` prints. */
export function forecastDocument(
  found: Forecast,
  facts: Facts,
  gathered: Gathered,
  traffic: readonly DayOfTraffic[],
) {
  const onDay = new Map(traffic.map(day => [day.day, day]))
  return {
    floor: facts.floor.title,
    accounts_by: gathered.accountsBy,
    faults: faultsDocument(gathered.faults),
    window: { from: isoTime(facts.window.fromMs), to: isoTime(facts.window.toMs) },
    now: isoTime(found.nowMs),
    cutoff: isoTime(found.cutoffMs),
    decision: found.decision,
    per_week: outlookDocument(found.perWeek),
    at_cutoff: outlookDocument(found.atCutoff),
    remaining: found.remaining.map(remainingDocument),
    stopped: found.stopped.map(remainingDocument),
    exempt: found.exempt.map(remainingDocument),
    unattributed: found.nobodys.map(stackHabitDocument),
    burn_down: found.burnDown.map(({ atMs, accounts }) => ({
      day: utcDay(atMs),
      accounts,
      connections: onDay.get(utcDay(atMs))?.connections ?? 0,
      would_break: onDay.get(utcDay(atMs))?.wouldBreak ?? 0,
    })),
    skipped: gathered.skipped,
    junk: junkDocument(gathered.junk),
    coverage: coverageDocument(gathered.coverage),
  }
}

function outlookDocument(outlook: Outlook | null) {
  return outlook && { value: outlook.value, range: outlook.range }
}

function remainingDocument({ account, rhythm, stacks }: Remaining) {
  return {
    account,
    days_seen: rhythm.days,
    first_day: utcDay(rhythm.firstMs),
    last_day: utcDay(rhythm.lastMs),
    stacks: stacks.map(stackHabitDocument),
  }
}

/** Whose old offers stay away may have gone silent altogether. */
const betterAwaited = '; left because nothing better was seen since'

export function forecastView(
  found: Forecast,
  gathered: Gathered,
  traffic: readonly DayOfTraffic[],
  view: View,
): string {
  const { paint, width } = view
  const blocks = [wrapText(forecastText(found) + trafficText(traffic), width).map(paint.strong)]
  const table = (
    title: string,
    accounts: readonly Pick<Remaining, 'account' | 'stacks'>[],
    awaitsBetter: (stacks: readonly StackHabit[]) => boolean = () => false,
  ) => {
    if (accounts.length === 0) return
    const rows = accounts.flatMap(({ account, stacks }) =>
      stacks.map(({ stack, rhythm, hasStopped }, i) => [
        i === 0 ? account : '',
        stack,
        utcDay(rhythm.lastMs),
        rhythmText(rhythm, hasStopped) + (awaitsBetter(stacks) ? betterAwaited : ''),
      ]),
    )
    blocks.push(
      textTable(
        [{ title }, { title: 'client stack' }, { title: 'last' }, { title: 'rhythm', wraps: true }],
        rows,
        width,
      ).map((line, i) => (i === 0 ? paint.faint(line) : line)),
    )
  }
  table('left', found.remaining, stacks => stacks.every(({ hasStopped }) => hasStopped))
  if (found.nobodys.length > 0) table('of nobody', [{ account: '(unattributed)', stacks: found.nobodys }])
  table('exempt', found.exempt)
  table('stopped', found.stopped)
  blocks.push(
    wrapText(`accounts ${gathered.accountsBy}`, width).map(paint.faint),
    factLines([...junkFact(gathered.junk), ...gapFacts(gathered.coverage)], view),
  )
  return `${blocks
    .map(lines => lines.join('\n'))
    .filter(Boolean)
    .join('\n\n')}\n`
}

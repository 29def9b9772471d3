import { listText } from '../../base/text.ts'
import { utcDay } from '../../base/time.ts'
import { type Forecast, forecastText, type Remaining, rhythmText } from '../../identify/forecast.ts'
import type { Facts } from '../../identify/judge.ts'
import { hourText } from '../../identify/rhythm.ts'
import { textTable, wrapText } from '../text-table.ts'
import { isoTime } from './document.ts'
import type { Gathered } from './gather.ts'
import type { View } from './text.ts'

/** What `forecast --json` prints. */
export function forecastDocument(found: Forecast, facts: Facts, gathered: Gathered) {
  return {
    floor: facts.floor.title,
    accounts_by: gathered.accountsBy,
    window: { from: isoTime(facts.window.fromMs), to: isoTime(facts.window.toMs) },
    now: isoTime(found.nowMs),
    cutoff: isoTime(found.cutoffMs),
    decision: found.decision,
    per_week: found.perWeek,
    at_cutoff: found.atCutoff,
    remaining: found.remaining.map(remainingDocument),
    stopped: found.stopped.map(remainingDocument),
    exempt: found.exempt.map(remainingDocument),
    burn_down: found.burnDown.map(({ atMs, accounts }) => ({ day: utcDay(atMs), accounts })),
    skipped: gathered.skipped,
  }
}

function remainingDocument({ account, rhythm }: Remaining) {
  return {
    account,
    rhythm: rhythm.kind,
    days_seen: rhythm.days,
    first_day: utcDay(rhythm.firstMs),
    last_day: utcDay(rhythm.lastMs),
    cycle_days: rhythm.cycleDays,
    days_away: rhythm.awayDays,
    clean_cycles: rhythm.cleanCycles,
    would_have_been_seen: rhythm.wouldHaveBeenSeen,
    due: rhythm.dueMs === null ? null : utcDay(rhythm.dueMs),
    usual_hours: rhythm.usualHours.map(hourText),
  }
}

export function forecastView(found: Forecast, gathered: Gathered, { paint, width }: View): string {
  const blocks = [wrapText(forecastText(found), width).map(paint.strong)]
  const table = (title: string, accounts: readonly Remaining[]) => {
    if (accounts.length === 0) return
    const rows = accounts.map(({ account, rhythm, stopped }) => [
      account,
      utcDay(rhythm.lastMs),
      `${rhythmText(rhythm, stopped)}${hoursText(rhythm.usualHours)}`,
    ])
    blocks.push(
      textTable([{ title }, { title: 'last' }, { title: 'rhythm', wraps: true }], rows, width).map(
        (line, i) => (i === 0 ? paint.faint(line) : line),
      ),
    )
  }
  table('left', found.remaining)
  table('exempt', found.exempt)
  table('stopped', found.stopped)
  blocks.push(wrapText(`accounts ${gathered.accountsBy}`, width).map(paint.faint))
  return `${blocks.map(lines => lines.join('\n')).join('\n\n')}\n`
}

/** `; mostly 09:00 UTC` when the days do not matter, `; mostly Monday 02:00 UTC` when they do. */
function hoursText(hours: readonly number[]): string {
  const ofDay = new Set(hours.map(hour => hour % 24))
  const [first] = ofDay
  if (first === undefined) return ''
  if (ofDay.size === 1 && hours.length > 2) return `; mostly ${String(first).padStart(2, '0')}:00 UTC`
  return `; mostly ${listText(hours.slice(0, 2).map(hourText))} UTC`
}

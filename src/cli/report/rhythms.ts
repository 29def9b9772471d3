import { utcDay } from '../../base/time.ts'
import { hourText, type StackHabit } from '../../identify/rhythm.ts'

/** When one client stack of an account comes, as `forecast --json` and `account --json` print it. */
export function stackHabitDocument({ stack, rhythm, hasStopped }: StackHabit) {
  return {
    stack,
    stopped: hasStopped,
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

import { countText, plural } from '../../base/text.ts'
import { utcDay } from '../../base/time.ts'
import type { Slip } from '../../model/decision.ts'
import { decision, nowMs } from '../live.ts'
import { day } from '../text.ts'
import { Card, Empty, Waiting } from './card.tsx'
import { Time } from './marks.tsx'

const shownDays = 5
const shownSlips = 3

/** Go or no go by what was agreed, what was decided on earlier days, and how the dates moved. */
export function Decision() {
  const known = decision.value
  if (known === undefined)
    return (
      <Card title="Go or no go">
        <Waiting lines={3} />
      </Card>
    )
  const at = nowMs.value
  const days = known.decisions.slice(-shownDays).reverse()
  const slips = known.slips.filter(({ from }) => from !== null).slice(-shownSlips)
  return (
    <Card title="Go or no go">
      <p class="outlook-now">
        <b>{goText(known.go)}</b>: {known.because}.
        {known.atCutoff &&
          ` At the cutoff about ${countText(known.atCutoff.value)} would be left (${countText(known.atCutoff.range[0])} to ${countText(known.atCutoff.range[1])}).`}
      </p>
      {days.length === 0 ? (
        <Empty title="Nothing is on record yet">The decision of each day is put there once.</Empty>
      ) : (
        <ol class="schedule">
          {days.map(entry => (
            <li key={`${entry.day} ${entry.policyHash}`}>
              <Time atMs={entry.atMs}>{day(entry.atMs, at)}</Time>
              <span>
                <b>{goText(entry.go)}</b>, {plural(entry.numbers.remaining, 'customer')} left
              </span>
              <span class="schedule-state" title="hash of the retirement file by which it was decided">
                {entry.policyHash.slice(0, 8)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {slips.map(slip => (
        <p class="quiet" key={slip.atMs}>
          {day(slip.atMs, at)}: {slipText(slip)}.
        </p>
      ))}
    </Card>
  )
}

function goText(go: boolean | null): string {
  return go === null ? 'Undecided' : go ? 'Go' : 'No go'
}

function slipText({ from, to, cutoffMovedDays, numbers }: Slip): string {
  const left = numbers === null ? '' : `, with ${plural(numbers.remaining, 'customer')} left`
  if (cutoffMovedDays === null || cutoffMovedDays === 0) {
    const isSet = from?.cutoffMs === null && to.cutoffMs !== null
    return `${isSet ? `the cutoff was set to ${utcDay(to.cutoffMs!)}` : 'brownouts or ramp were changed'}${left}`
  }
  const days = plural(Math.max(1, Math.round(Math.abs(cutoffMovedDays))), 'day')
  return `the cutoff moved ${days} ${cutoffMovedDays > 0 ? 'later' : 'earlier'}${left}`
}

import { nowMs } from '../live.ts'
import { day, moment, relative } from '../text.ts'
import { Time } from './marks.tsx'

/** Until when an account is let in past the cutoff; an exemption that has ended says so. */
export function ExemptUntil({ untilMs }: { untilMs: number | null }) {
  if (untilMs === null) return <span class="none">–</span>
  if (untilMs <= nowMs.value)
    return (
      <span class="tag over">
        ended <Time atMs={untilMs}>{relative(untilMs, nowMs.value)}</Time>
      </span>
    )
  return (
    <span class="tag exempt">
      until{' '}
      <Time atMs={untilMs}>
        {untilMs - nowMs.value < 86_400_000 ? moment(untilMs, nowMs.value) : day(untilMs, nowMs.value)}
      </Time>
    </span>
  )
}

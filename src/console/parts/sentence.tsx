import { durationText } from '../../base/duration.ts'
import { headline } from '../../model/headline.ts'
import { inForce, nextMoment } from '../../model/schedule.ts'
import { nowMs, policy, summary } from '../live.ts'
import { ruleNames, unbroken } from '../text.ts'
import { Waiting } from './card.tsx'

/** The first sentence, and under it what is in force and what comes next. */
export function Sentence() {
  const known = summary.value
  if (!known)
    return (
      <div class="hero">
        <Waiting lines={2} />
      </div>
    )
  const at = nowMs.value
  const plan = policy.value?.policy
  const force = plan ? inForce(plan, at) : known.inForce
  const next = plan ? nextMoment(plan, at) : known.next
  return (
    <div class="hero">
      <h1>
        {headline({ ...known, nowMs: at, inForce: force }).map((phrase, i) => (
          <span key={i} class={phrase.tone}>
            {unbroken(phrase.text)}
          </span>
        ))}
      </h1>
      <p class="force">
        <span class={`floor ${force.floor}`}>
          <span class="floor-label">In force</span> {known.floor[force.floor]}
        </span>
        <span>{ruleNames[force.rule]}</span>
        {next && (
          <span>
            next: {next.title.toLowerCase()} in <b>{durationText(next.fromMs - at)}</b>
          </span>
        )}
      </p>
    </div>
  )
}

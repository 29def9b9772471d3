import type { Moment } from '../../model/schedule.ts'
import { nowMs, policy } from '../live.ts'
import { moment as momentText } from '../text.ts'

/** The retirement on one line: brownouts, ramp steps, freezes and the cutoff, with now moving through them. */
export function Ribbon() {
  const plan = policy.value
  if (!plan || plan.schedule.length === 0) return null
  const at = nowMs.value
  const span = spanOf(plan.schedule, at)
  const x = (atMs: number) => (100 * (atMs - span.fromMs)) / (span.toMs - span.fromMs)
  const shown = plan.schedule.filter(
    moment =>
      moment.kind !== 'exemption-ends' &&
      moment.fromMs < span.toMs &&
      (moment.toMs ?? span.toMs) > span.fromMs,
  )
  const cutoff = shown.find(moment => moment.kind === 'cutoff')
  return (
    <div class="ribbon" aria-hidden="true">
      <svg aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 10">
        <rect class="ribbon-now-floor" x="0" y="0" width="100" height="10" />
        {cutoff && (
          <rect
            class="ribbon-next-floor"
            x={x(cutoff.fromMs)}
            y="0"
            width={100 - x(cutoff.fromMs)}
            height="10"
          />
        )}
        {shown
          .filter(moment => moment.toMs !== null)
          .map(moment => (
            <rect
              key={`${moment.kind} ${moment.fromMs}`}
              class={`ribbon-${moment.kind}${moment.frozen ? ' frozen' : ''}`}
              x={x(moment.fromMs)}
              y="0"
              width={Math.max(0.25, x(moment.toMs!) - x(moment.fromMs))}
              height="10"
            />
          ))}
        <rect class="ribbon-past" x="0" y="0" width={Math.max(0, x(at))} height="10" />
      </svg>
      {labelsOf(shown, at).map(({ moment, text }) => (
        <Mark key={`${moment.kind} ${moment.fromMs}`} x={x(moment.fromMs)} class={moment.kind} text={text} />
      ))}
      <Mark x={x(at)} class="now" text="now" />
    </div>
  )
}

function Mark(props: { x: number; class: string; text: string }) {
  const side = props.x > 82 ? 'left' : 'right'
  return (
    <span class={`ribbon-mark ${props.class} ${side}`} style={{ left: `${props.x}%` }}>
      {props.text}
    </span>
  )
}

/** The one that comes next and the cutoff; more would overlap. */
function labelsOf(moments: Moment[], at: number): { moment: Moment; text: string }[] {
  const coming = moments.find(
    moment => moment.kind === 'brownout' && (moment.toMs ?? 0) > at && !moment.frozen,
  )
  const cutoff = moments.find(moment => moment.kind === 'cutoff')
  return [coming, cutoff]
    .filter(moment => moment !== undefined)
    .map(moment => ({ moment, text: `${moment.title.toLowerCase()} ${momentText(moment.fromMs, at)}` }))
}

/** From the first thing planned (or now) to past the last one that is not the end of an exemption. */
function spanOf(moments: Moment[], at: number): { fromMs: number; toMs: number } {
  const steps = moments.filter(moment => moment.kind !== 'exemption-ends')
  const times = [at, ...steps.flatMap(moment => [moment.fromMs, moment.toMs ?? moment.fromMs])]
  const first = Math.min(...times)
  const last = Math.max(...times)
  const pad = Math.max(last - first, 60_000) * 0.12
  return { fromMs: first - pad, toMs: last + pad }
}

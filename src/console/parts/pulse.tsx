import { countText, plural } from '../../base/text.ts'
import { secondMs } from '../../base/time.ts'
import { ruleAt } from '../../model/schedule.ts'
import { minutes, nowMs, policy, pulseMs, pulseStepMs } from '../live.ts'
import { clock } from '../text.ts'
import { Card, Empty, Waiting } from './card.tsx'
import { useSize } from './use-size.ts'

const height = 92
const top = 8
const base = height - 20

/** The last minutes: old offers that were let in, and those that were refused. Windows in which the next floor held are shaded. */
export function Pulse() {
  const known = minutes.value
  const [wrap, { width }] = useSize<HTMLDivElement>({ width: 360, height })
  const now = Math.floor(nowMs.value / pulseStepMs) * pulseStepMs + pulseStepMs
  const from = now - pulseMs
  const steps = (known?.points ?? []).filter(step => step.atMs >= from && step.atMs < now)
  const most = Math.max(4, ...steps.map(step => step.wouldBreak))
  const slot = width / (pulseMs / pulseStepMs)
  const x = (atMs: number) => ((atMs - from) / pulseMs) * width
  const size = (count: number) => (count / most) * (base - top)
  const sum = (of: (step: (typeof steps)[number]) => number) =>
    steps.reduce((total, step) => total + of(step), 0)
  const refused = sum(step => step.refused)
  const letIn = sum(step => Math.max(0, step.wouldBreak - step.refused))
  const modern = sum(step => step.connections - step.wouldBreak)
  return (
    <Card title="Last five minutes" class="pulse">
      <div ref={wrap} class="chart-wrap">
        {known === undefined ? (
          <Waiting lines={2} />
        ) : sum(step => step.connections) === 0 ? (
          <Empty title="Quiet">No connection was seen in the last five minutes.</Empty>
        ) : (
          <svg
            class="chart"
            width={width}
            height={height}
            role="img"
            aria-label={`Last five minutes: ${refused} refused, ${letIn} old but let in, ${modern} that pass`}
          >
            {strict(from, now).map(span => (
              <rect
                key={span.fromMs}
                class={`held ${span.rule}`}
                x={x(span.fromMs)}
                y="0"
                width={x(span.toMs) - x(span.fromMs)}
                height={base}
              />
            ))}
            <line class="floor-line" x1="0" x2={width} y1={base} y2={base} />
            {steps.map(step => {
              const old = Math.max(0, step.wouldBreak - step.refused)
              return (
                <g key={step.atMs}>
                  <rect
                    class="let-in"
                    x={x(step.atMs) + 0.75}
                    width={slot - 1.5}
                    y={base - size(old)}
                    height={size(old)}
                  />
                  <rect
                    class="refused"
                    x={x(step.atMs) + 0.75}
                    width={slot - 1.5}
                    y={base - size(old) - size(step.refused)}
                    height={size(step.refused)}
                  />
                </g>
              )
            })}
            <text class="axis" x="0" y={height - 5}>
              {clock(from).slice(0, 5)}
            </text>
            <text class="axis" x={width} y={height - 5} text-anchor="end">
              now
            </text>
          </svg>
        )}
      </div>
      <p class="legend">
        <i class="key refused-key" /> {plural(refused, 'refused', 'refused')}
        <i class="key let-in-key" /> {plural(letIn, 'old offer', 'old offers')} let in
        <span class="quiet">{countText(modern)} pass</span>
      </p>
    </Card>
  )
}

/** The parts of the window in which the next floor held. */
function strict(from: number, to: number): { fromMs: number; toMs: number; rule: string }[] {
  const plan = policy.value?.policy
  if (!plan) return []
  const spans: { fromMs: number; toMs: number; rule: string }[] = []
  for (let atMs = from; atMs < to; atMs += secondMs) {
    const rule = ruleAt(plan, atMs)
    const span = spans.at(-1)
    if (rule === 'before-cutoff') continue
    if (span && span.toMs === atMs && span.rule === rule) span.toMs = atMs + secondMs
    else spans.push({ fromMs: atMs, toMs: atMs + secondMs, rule })
  }
  return spans
}

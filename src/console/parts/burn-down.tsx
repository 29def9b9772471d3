import { useState } from 'preact/hooks'
import { countText, percentText, plural } from '../../base/text.ts'
import { dayMs, startOfDay } from '../../base/time.ts'
import { customers } from '../../model/headline.ts'
import type { Moment } from '../../model/schedule.ts'
import type { BurnDownPoint } from '../../model/verdict.ts'
import { days, nowMs, policy, sources, summary } from '../live.ts'
import { day, moment as momentText } from '../text.ts'
import { Card, Empty, Waiting } from './card.tsx'
import { type Size, useSize } from './use-size.ts'

const lowest = 280
const edge = { top: 34, right: 18, bottom: 28, left: 34 }

/** Room for the caption, whose words take two lines where it is narrow. */
function captionOf(width: number): number {
  return width < 520 ? 58 : 34
}

/** Customers that would break, by day, towards the cutoff. Days without data are shown as such and never joined over. */
export function BurnDown() {
  const known = days.value
  const sample = sources.value?.find(source => source.status === 'sample')
  const [wrap, size] = useSize<HTMLDivElement>({ width: 720, height: lowest })
  return (
    <Card
      title="Customers that would break"
      class="burn-down"
      note={
        sample && <span class="tag sample">sample history up to {day(sample.lastSeenMs, nowMs.value)}</span>
      }
    >
      <div ref={wrap} class="chart-wrap">
        {known === undefined ? (
          <Waiting lines={5} />
        ) : known.points.length === 0 ? (
          <Empty title="Nothing to draw yet">
            The line begins with the first day on which a source delivers. Read a log with{' '}
            <code>tlsunset ingest access.log</code>, or send a client through the gateway.
          </Empty>
        ) : (
          <Chart
            points={known.points}
            width={size.width}
            height={Math.max(lowest, size.height - captionOf(size.width))}
          />
        )}
      </div>
      {known && known.points.length > 0 && <Table points={known.points} />}
    </Card>
  )
}

function Chart({ points, width, height }: Size & { points: BurnDownPoint[] }) {
  const [at, point] = useState<number | null>(null)
  const now = nowMs.value
  const plan = policy.value
  const cutoffMs = summary.value?.cutoffMs ?? null
  const target = plan?.policy.ready.maxAccountsThatBreak ?? 0
  const first = startOfDay(points[0]!.atMs)
  // A day's point stands in the middle of its day; a far cutoff would squeeze the line, so the axis ends a while after now.
  const seenMs = Math.max(now, points.at(-1)!.atMs + dayMs) - first
  const isFar = cutoffMs !== null && cutoffMs > now + 1.25 * seenMs
  const last = Math.max(now + 0.06 * seenMs, isFar ? now + 0.5 * seenMs : (cutoffMs ?? 0) + 0.08 * seenMs)
  const most = niceTop(Math.max(target, ...points.map(step => step.accountsThatBreak), 1))
  const x = (atMs: number) => edge.left + ((atMs - first) / (last - first)) * (width - edge.left - edge.right)
  const y = (count: number) => height - edge.bottom - (count / most) * (height - edge.top - edge.bottom)
  const middle = (step: BurnDownPoint) => Math.min(step.atMs + dayMs / 2, Math.max(now, step.atMs))
  const runs = runsOf(points)
  const chosen = at === null ? null : points[at]!
  const move = (by: number) => point(Math.min(points.length - 1, Math.max(0, (at ?? points.length) + by)))
  const peak = points.reduce((a, b) => (b.accountsThatBreak > a.accountsThatBreak ? b : a))

  return (
    <figure>
      <svg
        class="chart"
        width={width}
        height={height}
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk through the days; the table below holds the same numbers
        tabIndex={0}
        aria-label={describe(points, cutoffMs, now)}
        onPointerMove={event => point(nearest(points, event.offsetX, step => x(middle(step))))}
        onPointerLeave={() => point(null)}
        onBlur={() => point(null)}
        onKeyDown={event => {
          if (event.key === 'ArrowLeft') move(-1)
          else if (event.key === 'ArrowRight') move(1)
          else if (event.key === 'Escape') point(null)
          else return
          event.preventDefault()
        }}
      >
        <defs>
          <linearGradient id="under" x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" class="under-top" />
            <stop offset="1" class="under-end" />
          </linearGradient>
          <pattern
            id="no-data"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path class="no-data-line" d="M0 0V6" />
          </pattern>
        </defs>

        {ticks(most).map(count => (
          <g key={count} class="grid-line">
            <line x1={edge.left} x2={width - edge.right} y1={y(count)} y2={y(count)} />
            <text x={edge.left - 8} y={y(count) + 4} text-anchor="end">
              {count}
            </text>
          </g>
        ))}
        {dayTicks(first, last, width).map(atMs => (
          <text key={atMs} class="axis" x={x(atMs)} y={height - 8} text-anchor="middle">
            {day(atMs, now)}
          </text>
        ))}

        {gapsOf(runs).map(gap => (
          <g key={gap.fromMs} class="no-data">
            <rect
              x={x(gap.fromMs)}
              y={edge.top}
              width={x(gap.toMs) - x(gap.fromMs)}
              height={height - edge.top - edge.bottom}
            />
            {x(gap.toMs) - x(gap.fromMs) > 54 && (
              <text x={x((gap.fromMs + gap.toMs) / 2)} y={height - edge.bottom - 10} text-anchor="middle">
                no data
              </text>
            )}
          </g>
        ))}

        {cutoffMs !== null && peak.accountsThatBreak > target && (
          <line
            class="pace"
            x1={x(middle(peak))}
            y1={y(peak.accountsThatBreak)}
            x2={Math.min(x(cutoffMs), width - edge.right)}
            y2={y(target)}
          />
        )}
        {target > 0 && (
          <line class="target" x1={edge.left} x2={width - edge.right} y1={y(target)} y2={y(target)} />
        )}
        {runs.map(run => (
          <g key={run[0]!.atMs}>
            <path
              class="area"
              d={`M${x(middle(run[0]!))} ${y(0)}${line(run, x, y, middle)}L${x(middle(run.at(-1)!))} ${y(0)}Z`}
            />
            <path class="line" d={`M${line(run, x, y, middle).slice(1)}`} />
            {run.length === 1 && (
              <circle class="dot" cx={x(middle(run[0]!))} cy={y(run[0]!.accountsThatBreak)} r="2.5" />
            )}
          </g>
        ))}
        <circle
          class="dot last"
          cx={x(middle(points.at(-1)!))}
          cy={y(points.at(-1)!.accountsThatBreak)}
          r="4"
        />

        <Annotations
          moments={plan?.schedule ?? []}
          x={x}
          first={first}
          last={last}
          width={width}
          height={height}
          now={now}
        />

        {chosen && (
          <g class="chosen">
            <line x1={x(middle(chosen))} x2={x(middle(chosen))} y1={edge.top} y2={height - edge.bottom} />
            <circle cx={x(middle(chosen))} cy={y(chosen.accountsThatBreak)} r="4.5" />
          </g>
        )}
      </svg>
      <figcaption aria-live="polite">
        {chosen ? (
          <>
            <b>{day(chosen.atMs, now)}</b> {customers(chosen.accountsThatBreak)} ·{' '}
            {plural(chosen.wouldBreak, 'connection')} would break,{' '}
            {percentText(chosen.connections === 0 ? 0 : chosen.wouldBreak / chosen.connections)} of the day
            {chosen.refused > 0 && ` · ${countText(chosen.refused)} refused`}
          </>
        ) : (
          <span class="legend">
            <i class="key line-key" /> would break
            {cutoffMs !== null && (
              <>
                <i class="key pace-key" /> pace that reaches {target} at the cutoff
              </>
            )}
            <i class="key brownout-key" /> brownout
          </span>
        )}
      </figcaption>
    </figure>
  )
}

function Annotations(props: {
  moments: Moment[]
  x(atMs: number): number
  first: number
  last: number
  width: number
  height: number
  now: number
}) {
  const { x, now, width, height } = props
  const shown = props.moments.filter(moment => moment.fromMs >= props.first && moment.fromMs <= props.last)
  const cutoff = props.moments.find(moment => moment.kind === 'cutoff')
  return (
    <g class="annotations">
      {shown
        .filter(moment => moment.kind === 'brownout' && !moment.frozen)
        .map(moment => (
          <rect
            key={moment.fromMs}
            class="brownout"
            x={x(moment.fromMs) - 1}
            y={edge.top}
            width={Math.max(3, x(moment.toMs!) - x(moment.fromMs))}
            height={height - edge.top - edge.bottom}
          >
            <title>{`${moment.title}, ${momentText(moment.fromMs, now)}`}</title>
          </rect>
        ))}
      {cutoff && cutoff.fromMs > props.last && (
        <g class="cutoff">
          <text x={width - edge.right} y={edge.top - 8} text-anchor="end">
            cutoff {momentText(cutoff.fromMs, now)} →
          </text>
        </g>
      )}
      {cutoff && cutoff.fromMs <= props.last && (
        <g class="cutoff">
          <line x1={x(cutoff.fromMs)} x2={x(cutoff.fromMs)} y1={edge.top - 18} y2={height - edge.bottom} />
          <text
            x={x(cutoff.fromMs) + (x(cutoff.fromMs) > width - 140 ? -7 : 7)}
            y={edge.top - 8}
            text-anchor={x(cutoff.fromMs) > width - 140 ? 'end' : 'start'}
          >
            cutoff {momentText(cutoff.fromMs, now)}
          </text>
        </g>
      )}
    </g>
  )
}

/** The same numbers for those who cannot see the line. */
function Table({ points }: { points: BurnDownPoint[] }) {
  return (
    <details class="as-table">
      <summary>As a table</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              <th scope="col" class="number">
                Customers
              </th>
              <th scope="col" class="number">
                Would break
              </th>
              <th scope="col" class="number">
                Refused
              </th>
              <th scope="col" class="number">
                Connections
              </th>
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map(step => (
              <tr key={step.atMs}>
                <th scope="row">{new Date(step.atMs).toISOString().slice(0, 10)}</th>
                <td class="number">{countText(step.accountsThatBreak)}</td>
                <td class="number">{countText(step.wouldBreak)}</td>
                <td class="number">{countText(step.refused)}</td>
                <td class="number">{countText(step.connections)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function describe(points: BurnDownPoint[], cutoffMs: number | null, now: number): string {
  const last = points.at(-1)!
  const first = points[0]!
  const goal = cutoffMs === null ? 'No cutoff is set.' : `Cutoff ${day(cutoffMs, now)}.`
  return `${customers(first.accountsThatBreak)} would have broken on ${day(first.atMs, now)}, ${last.accountsThatBreak} on ${day(last.atMs, now)}. ${goal} Arrow keys walk through the days.`
}

/** Days in a row; a missing day means that no source delivered. */
function runsOf(points: BurnDownPoint[]): BurnDownPoint[][] {
  const runs: BurnDownPoint[][] = []
  for (const step of points) {
    const run = runs.at(-1)
    if (run && step.atMs - run.at(-1)!.atMs <= 1.5 * dayMs) run.push(step)
    else runs.push([step])
  }
  return runs
}

function gapsOf(runs: BurnDownPoint[][]): { fromMs: number; toMs: number }[] {
  return runs.slice(1).map((run, i) => ({ fromMs: runs[i]!.at(-1)!.atMs + dayMs, toMs: run[0]!.atMs }))
}

function line(
  run: BurnDownPoint[],
  x: (atMs: number) => number,
  y: (count: number) => number,
  middle: (step: BurnDownPoint) => number,
): string {
  return run.map(step => `L${x(middle(step)).toFixed(1)} ${y(step.accountsThatBreak).toFixed(1)}`).join('')
}

function nearest(points: BurnDownPoint[], x: number, at: (step: BurnDownPoint) => number): number {
  return points.reduce(
    (best, step, i) => (Math.abs(at(step) - x) < Math.abs(at(points[best]!) - x) ? i : best),
    0,
  )
}

/** The next 1, 2, 4, 5 × 10ⁿ: four equal parts of it are whole or simple. */
function niceTop(most: number): number {
  const scale = 10 ** Math.floor(Math.log10(most))
  return Math.max(4, [1, 2, 4, 5, 10].map(step => step * scale).find(step => step >= most)!)
}

function ticks(most: number): number[] {
  const parts = most % 4 === 0 ? 4 : 5
  return Array.from({ length: parts + 1 }, (_, i) => (i * most) / parts)
}

function dayTicks(first: number, last: number, width: number): number[] {
  const room = Math.max(2, Math.floor(width / 110))
  const stepDays = [1, 2, 7, 14, 28, 56, 112].find(step => (last - first) / dayMs / step <= room) ?? 365
  const found: number[] = []
  for (let atMs = startOfDay(first) + dayMs; atMs < last; atMs += stepDays * dayMs) found.push(atMs)
  return found
}

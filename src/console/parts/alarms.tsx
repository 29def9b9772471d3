import { durationText } from '../../base/duration.ts'
import { health, link, nowMs, summary, trouble } from '../live.ts'

/** What makes the numbers below untrue or incomplete, before the numbers. */
export function Alarms() {
  const lines = [
    ...(trouble.value && trouble.value.status !== 404
      ? [{ what: trouble.value.title, so: trouble.value.hint ?? 'What is shown is the last known state.' }]
      : []),
    ...(link.value === 'lost' && !trouble.value
      ? [{ what: 'the live connection is lost', so: 'Trying again; what is shown may be old.' }]
      : []),
    ...(summary.value?.alarms ?? []).map(source => ({
      what:
        source.status === 'never'
          ? `no data from ${source.title} yet`
          : `no data from ${source.title} for ${durationText(nowMs.value - source.lastSeenMs)}`,
      so: 'Its customers are unknown, not zero: do not read a falling line as progress.',
    })),
    ...(health.value?.problems ?? []).map(problem => ({ what: problem, so: '' })),
  ]
  return (
    <div class="alarms" role="alert">
      {lines.map(line => (
        <p key={line.what.replace(/\d+/g, '')} class="alarm">
          <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d="M8 1.8 14.6 13.6H1.4zM8 6.2v3.2m0 1.9v.1" />
          </svg>
          <span>
            <strong>{line.what[0]!.toUpperCase() + line.what.slice(1)}.</strong> {line.so}
          </span>
        </p>
      ))}
    </div>
  )
}

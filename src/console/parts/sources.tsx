import { durationText } from '../../base/duration.ts'
import { countText, plural } from '../../base/text.ts'
import { utcMinute } from '../../base/time.ts'
import type { SourceState, SourceStatus } from '../../model/api.ts'
import type { Gap } from '../../model/coverage.ts'
import { nowMs, sources } from '../live.ts'
import { day, relative } from '../text.ts'
import { Card, Empty, Waiting } from './card.tsx'
import { Time } from './marks.tsx'

const statusNames: Record<SourceStatus, string> = {
  live: 'delivering',
  silent: 'silent',
  never: 'no data yet',
  sample: 'sample',
}

/** Where the numbers come from, and what each source cannot see. */
export function Sources() {
  const known = sources.value
  return (
    <Card title="Sources">
      {known === undefined ? (
        <Waiting lines={3} />
      ) : known.length === 0 ? (
        <Empty title="No source has delivered">
          Without a source nothing is known. Read a log with <code>tlsunset ingest access.log</code>, or put
          the gateway in front of the service.
        </Empty>
      ) : (
        <ul class="sources">
          {known.map(source => (
            <Line key={source.id} source={source} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function Line({ source }: { source: SourceState }) {
  const at = nowMs.value
  const skipped = Object.entries(source.skipped)
  return (
    <li class={source.status}>
      <div class="source-head">
        <b>{source.title}</b>
        <span class={`tag status-${source.status}`}>{statusNames[source.status]}</span>
      </div>
      <p>
        {source.status === 'never' ? (
          'never delivered'
        ) : (
          <>
            {countText(source.connections)} connections
            {source.perDay >= 1 && `, about ${countText(Math.round(source.perDay))} a day`}
            {source.firstSeenMs > 0 && `, since ${day(source.firstSeenMs, at)}`}, last{' '}
            <Time atMs={source.lastSeenMs}>
              {source.status === 'sample' ? day(source.lastSeenMs, at) : relative(source.lastSeenMs, at)}
            </Time>
          </>
        )}
      </p>
      {source.gaps.length > 0 && (
        <p class="gaps">
          {plural(source.gaps.length, 'gap')}: {source.gaps.slice(-3).map(gapOf).join('; ')}. What came then
          is not known.
        </p>
      )}
      {source.blind.length > 0 && <p class="quiet">Cannot see: {source.blind.join('; ')}</p>}
      {skipped.length > 0 && (
        <p class="quiet">
          Not counted: {skipped.map(([reason, count]) => `${countText(count)} ${reason}`).join(', ')}
        </p>
      )}
    </li>
  )
}

/** `3 Nov 04:00 to 3 Nov 09:00 UTC (5 h, about 480 connections expected)`. */
function gapOf({ fromMs, toMs, expected }: Gap): string {
  const at = (atMs: number) => utcMinute(atMs).replace(' UTC', '')
  return `${at(fromMs)} to ${at(toMs)} UTC (${durationText(toMs - fromMs)}, about ${plural(expected, 'connection')} expected)`
}

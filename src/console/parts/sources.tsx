import { countText } from '../../base/text.ts'
import type { SourceState, SourceStatus } from '../../model/api.ts'
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
            {countText(source.connections)} connections, last{' '}
            <Time atMs={source.lastSeenMs}>
              {source.status === 'sample' ? day(source.lastSeenMs, at) : relative(source.lastSeenMs, at)}
            </Time>
          </>
        )}
      </p>
      {source.blind.length > 0 && <p class="quiet">Cannot see: {source.blind.join('; ')}</p>}
      {skipped.length > 0 && (
        <p class="quiet">
          Not counted: {skipped.map(([reason, count]) => `${countText(count)} ${reason}`).join(', ')}
        </p>
      )}
    </li>
  )
}

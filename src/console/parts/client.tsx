import { countText, percentText, plural } from '../../base/text.ts'
import type { Remedy } from '../../model/api.ts'
import type { ClientSeen } from '../../model/verdict.ts'
import { versionName } from '../../model/version.ts'
import { nowMs } from '../live.ts'
import { relative, stackName } from '../text.ts'
import { Time } from './marks.tsx'
import { RichText } from './rich-text.tsx'

/** One client of an account: what it is, what it offers, whether the next floor lets it in, and what to change. */
export function Client({
  client,
  remedy,
  floor,
}: {
  client: ClientSeen
  remedy: Remedy | undefined
  floor: string
}) {
  const at = nowMs.value
  const { counts, stack } = client
  return (
    <article class={`client ${client.breaks ? 'breaks' : 'clear'}`}>
      <div>
        <header>
          <h3>{stackName(stack)}</h3>
          <span class={`tag ${client.breaks ? 'breaks-tag' : 'clear-tag'}`}>
            {client.breaks ? `fails ${floor}: ${client.breaks}` : `passes ${floor}`}
          </span>
        </header>
        <p>{client.because}</p>
        {client.breaks && stack.check && <p class="quiet">To be sure: {stack.check}.</p>}
        {stack.also.length > 0 && (
          <p class="quiet">The same hello comes from {stack.also.slice(0, 4).join(', ')}.</p>
        )}
        <dl class="facts wide">
          <dt>Offers at most</dt>
          <dd>{client.offeredMax ? versionName(client.offeredMax) : 'not seen'}</dd>
          <dt>Agreed on</dt>
          <dd>
            {client.negotiated
              .filter(({ version }) => version > 0)
              .map(({ version, connections }) => `${versionName(version)} (${countText(connections)})`)
              .join(', ') || 'nothing yet'}
          </dd>
          <dt>Connections</dt>
          <dd>
            {countText(counts.connections)}
            {counts.wouldBreak > 0 && `, ${percentText(counts.wouldBreak / counts.connections)} would break`}
            {counts.refused > 0 && `, ${countText(counts.refused)} refused`}
            {counts.failed > 0 && `, ${countText(counts.failed)} failed`}
          </dd>
          <dt>Seen</dt>
          <dd>
            first <Time atMs={client.firstSeenMs}>{relative(client.firstSeenMs, at)}</Time>, last{' '}
            <Time atMs={client.lastSeenMs}>{relative(client.lastSeenMs, at)}</Time>, from{' '}
            {plural(client.addresses, 'address', 'addresses')}
          </dd>
          {client.snis.length > 0 && (
            <>
              <dt>Asks for</dt>
              <dd>{client.snis.join(', ')}</dd>
            </>
          )}
          {client.userAgents.filter(Boolean).length > 0 && (
            <>
              <dt>Says it is</dt>
              <dd>{client.userAgents.filter(Boolean).join(', ')}</dd>
            </>
          )}
          {client.ja4 !== '' && (
            <>
              <dt>JA4</dt>
              <dd>
                <code>{client.ja4}</code>
              </dd>
            </>
          )}
          {client.ja3 !== '' && (
            <>
              <dt>JA3</dt>
              <dd>
                <code>{client.ja3}</code>
              </dd>
            </>
          )}
        </dl>
      </div>
      {client.breaks && (
        <div class="remedy">
          <h4>{remedy ? remedy.title : 'What to change'}</h4>
          <RichText
            text={
              remedy?.text ??
              `No recipe is known for this stack. Find the program by its addresses and hours, and let it offer ${floor}.`
            }
          />
          {remedy && remedy.sources.length > 0 && <p class="quiet">Sources: {remedy.sources.join(' · ')}</p>}
        </div>
      )}
    </article>
  )
}

import { plural } from '../../base/text.ts'
import type { Refusal } from '../../model/api.ts'
import { nextMoment } from '../../model/schedule.ts'
import { versionName } from '../../model/version.ts'
import { nowMs, policy, refusals } from '../live.ts'
import { accountHref } from '../route.ts'
import { moment, relative } from '../text.ts'
import { Card, Empty, Waiting } from './card.tsx'
import { Time } from './marks.tsx'

const shown = 12

/** Refusals as they happen, each with the name of whom it met. */
export function Refusals() {
  const known = refusals.value
  if (known === undefined)
    return (
      <Card title="Refused, by name" class="refusals">
        <Waiting lines={3} />
      </Card>
    )
  const next = policy.value && nextMoment(policy.value.policy, nowMs.value)
  return (
    <Card title="Refused, by name" class="refusals">
      {known.length === 0 ? (
        <Empty title="Nobody has been refused">
          {next
            ? `Next: ${next.title} ${relative(next.fromMs, nowMs.value)}.`
            : 'Nothing is planned that would refuse anybody.'}
        </Empty>
      ) : (
        <ol class="refusal-list">
          {known.slice(0, shown).map(refusal => (
            <Line key={refusal.id} refusal={refusal} />
          ))}
        </ol>
      )}
      <p class="hidden" role="log" aria-live="polite">
        {announcement(known)}
      </p>
    </Card>
  )
}

function Line({ refusal }: { refusal: Refusal }) {
  return (
    <li>
      <span class="refusal-who">
        {refusal.account === '' ? (
          <i>no account</i>
        ) : (
          <a href={accountHref(refusal.account)}>{refusal.account}</a>
        )}
        <Time atMs={refusal.atMs}>{moment(refusal.atMs, nowMs.value)}</Time>
      </span>
      <span class="refusal-why">
        offered at most {versionName(refusal.offeredMax)}; clause <b>{refusal.clause}</b>
        {refusal.count > 1 && `, ${refusal.count} times`}
      </span>
      <span class="refusal-from">
        <span>{refusal.sni || 'no server name'}</span>
        <span>{refusal.address}</span>
        {refusal.ja4 && <code>{refusal.ja4}</code>}
      </span>
    </li>
  )
}

/** Read out by screen readers; short, because it may come often. */
function announcement(known: Refusal[]): string {
  const recent = known.filter(refusal => refusal.atMs > nowMs.value - 10_000)
  if (recent.length === 0) return ''
  const names = [...new Set(recent.map(refusal => refusal.account || 'no account'))]
  return `${plural(recent.length, 'refusal')}: ${names.slice(0, 3).join(', ')}`
}

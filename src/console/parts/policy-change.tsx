import { countText, percentText, plural } from '../../base/text.ts'
import { customers } from '../../model/headline.ts'
import type { Floor } from '../../model/policy.ts'
import { versionName } from '../../model/version.ts'
import { policy, summary } from '../live.ts'
import { unbroken } from '../text.ts'
import { Card, Waiting } from './card.tsx'

/** The floor now and the next one, line by line, and what the next one would have refused. */
export function PolicyChange() {
  const plan = policy.value?.policy
  const known = summary.value
  return (
    <Card title="Policy: now → next">
      {plan === undefined ? (
        <Waiting lines={4} />
      ) : (
        <>
          <table class="diff">
            <thead>
              <tr>
                <th scope="col">
                  <span class="hidden">Requirement</span>
                </th>
                <th scope="col">Now</th>
                <th scope="col">Next</th>
              </tr>
            </thead>
            <tbody>
              {linesOf(plan.floor.now, plan.floor.next).map(({ what, now, next }) => (
                <tr key={what} class={now === next ? '' : 'changed'}>
                  <th scope="row">{what}</th>
                  <td>{now}</td>
                  <td>{now === next ? 'unchanged' : next}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {known && known.totals.connections > 0 && (
            <p class="replay">
              Replayed: of <b>{countText(known.totals.connections)}</b> connections seen, the next floor
              refuses <b>{countText(known.totals.wouldBreak)}</b>,{' '}
              {unbroken(percentText(known.totals.wouldBreak / known.totals.connections))}, from{' '}
              {customers(known.totals.accountsThatBreak)}.
            </p>
          )}
        </>
      )}
    </Card>
  )
}

function linesOf(now: Floor, next: Floor): { what: string; now: string; next: string }[] {
  const line = (what: string, of: (floor: Floor) => string) => ({ what, now: of(now), next: of(next) })
  return [
    line('Version', floor => `${versionName(floor.version)} and newer`),
    line('Suites up to TLS 1.2', floor => listed(floor.suites, 'suite')),
    line('Suites of TLS 1.3', floor => listed(floor.suitesTls13, 'suite')),
    line('Groups', floor => listed(floor.groups, 'group')),
    line('Signatures', floor => listed(floor.signatureSchemes, 'scheme')),
    line('Server name', floor => (floor.requireSni ? 'required' : 'not required')),
  ].filter(found => found.now !== found.next || found.what === 'Version')
}

function listed(values: number[] | undefined, one: string): string {
  return values === undefined ? 'any' : plural(values.length, one)
}

import { unattributed } from '../../model/api.ts'
import { nowMs, policy, report } from '../live.ts'
import { accountHref } from '../route.ts'
import { Card, Empty, Waiting } from './card.tsx'
import { ExemptUntil } from './exemption.tsx'

/** Who is let in past the cutoff, until when, on whose word; those that have ended come first. */
export function Exemptions() {
  const plan = policy.value?.policy
  const verdicts = new Map(report.value?.accounts.map(account => [account.account, account.verdict]))
  return (
    <Card title="Exemptions">
      {plan === undefined ? (
        <Waiting lines={2} />
      ) : plan.exemptions.length === 0 ? (
        <Empty title="Nobody is exempt" />
      ) : (
        <ul class="exemptions">
          {plan.exemptions
            .toSorted((a, b) => a.untilMs - b.untilMs)
            .map(exemption => (
              <li key={exemption.account} class={exemption.untilMs <= nowMs.value ? 'over' : ''}>
                <div class="source-head">
                  <a href={accountHref(exemption.account || unattributed)}>{exemption.account}</a>
                  <ExemptUntil untilMs={exemption.untilMs} />
                </div>
                <p>{exemption.reason}</p>
                <p class="quiet">
                  approved by {exemption.approvedBy}
                  {exemption.compensating && `; meanwhile: ${exemption.compensating}`}
                  {verdicts.get(exemption.account) === 'clear' && '; passes the next floor, no longer needed'}
                </p>
              </li>
            ))}
        </ul>
      )}
    </Card>
  )
}

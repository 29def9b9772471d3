import { durationText } from '../../base/duration.ts'
import { percentText } from '../../base/text.ts'
import type { Moment } from '../../model/schedule.ts'
import { nowMs, policy, summary } from '../live.ts'
import { moment as momentText, relative } from '../text.ts'
import { Card, Empty, Waiting } from './card.tsx'
import { Time } from './marks.tsx'

const most = 12

/** What happens when, with what has passed and what is on now; and the guardrails that stop it. */
export function Schedule() {
  const plan = policy.value
  const at = nowMs.value
  const coming = plan?.schedule.filter(moment => (moment.toMs ?? moment.fromMs) > at) ?? []
  const past = plan?.schedule.filter(moment => (moment.toMs ?? moment.fromMs) <= at) ?? []
  const shown = [...past.slice(-3), ...coming].slice(0, most)
  const hidden = (plan?.schedule.length ?? 0) - shown.length
  return (
    <Card title="Schedule">
      {plan === undefined ? (
        <Waiting lines={4} />
      ) : shown.length === 0 ? (
        <Empty title="Nothing is planned">
          Give the retirement file a <code>cutoff:</code> and <code>brownouts:</code>.
        </Empty>
      ) : (
        <ol class="schedule">
          {shown.map(moment => (
            <Line key={`${moment.kind} ${moment.fromMs} ${moment.account ?? ''}`} moment={moment} />
          ))}
        </ol>
      )}
      {hidden > 0 && <p class="quiet">{hidden} more in the retirement file.</p>}
      {plan && <Guardrails />}
    </Card>
  )
}

function Line({ moment }: { moment: Moment }) {
  const at = nowMs.value
  const endMs = moment.toMs ?? moment.fromMs
  const state = moment.frozen ? 'frozen' : moment.fromMs > at ? 'coming' : endMs > at ? 'on' : 'past'
  const states = {
    frozen: 'inside a freeze, does not act',
    coming: relative(moment.fromMs, at),
    on: `on now, ${durationText(endMs - at)} more`,
    past: moment.kind === 'cutoff' ? `in force for ${durationText(at - moment.fromMs)}` : 'done',
  }
  return (
    <li class={`${moment.kind} ${state}`}>
      <Time atMs={moment.fromMs}>{momentText(moment.fromMs, at)}</Time>
      <span>
        <b>{moment.title}</b>
        {moment.toMs !== null &&
          moment.kind === 'brownout' &&
          ` for ${durationText(moment.toMs - moment.fromMs)}`}
      </span>
      <span class="schedule-state">{states[state]}</span>
    </li>
  )
}

function Guardrails() {
  const plan = policy.value!.policy
  const { abortIfRefusedAccounts: accounts, abortIfRefusedShare: share } = plan.guardrails
  const ready = summary.value && summary.value.totals.accountsThatBreak - summary.value.exempt
  return (
    <dl class="facts">
      <dt>Stops by itself</dt>
      <dd>
        {accounts === undefined && share === undefined
          ? 'never: no guardrail is set'
          : [
              accounts !== undefined && `at ${accounts} customers refused`,
              share !== undefined && `at ${percentText(share)} of connections refused`,
            ]
              .filter(Boolean)
              .join(', or ')}
      </dd>
      <dt>Ready when</dt>
      <dd>
        at most {plan.ready.maxAccountsThatBreak} customers break without exemption
        {ready !== undefined && ` (today ${ready})`}
      </dd>
    </dl>
  )
}

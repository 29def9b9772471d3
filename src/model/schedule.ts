import { percentText } from '../base/text.ts'
import { actsFrom, brownoutAt, rampShareAt } from './decide.ts'
import type { FloorName, Policy, Rule } from './policy.ts'

/** Something the policy does at a time. `toMs` is null for what does not end. */
export interface Moment {
  kind: 'brownout' | 'ramp' | 'cutoff' | 'freeze' | 'exemption-ends'
  fromMs: number
  toMs: number | null
  title: string
  /** Of a ramp step: the share of accounts that meet the next floor from then on. */
  share?: number
  /** Of an exemption. */
  account?: string
  /** A brownout that lies inside a freeze does not act. */
  frozen?: boolean
}

/** Which floor an account meets that has no exemption and is not in the ramp yet. */
export interface InForce {
  floor: FloorName
  rule: Extract<Rule, 'before-cutoff' | 'brownout' | 'cutoff'>
  /** Null: since ever. */
  sinceMs: number | null
  /** Null: until further notice. */
  untilMs: number | null
  /** Share of accounts that meet the next floor by the ramp; 0 without a ramp, 1 after the cutoff. */
  rampShare: number
}

/** Everything the policy does, in order of time. */
export function schedule(policy: Policy): Moment[] {
  const moments: Moment[] = [
    ...policy.brownouts.map(brownout => ({
      kind: 'brownout' as const,
      fromMs: brownout.fromMs,
      toMs: brownout.toMs,
      title: brownout.refuse === 'soft' ? 'Brownout, with an explanation' : 'Brownout',
      ...(actsFrom(policy, brownout.fromMs) >= brownout.toMs && { frozen: true }),
    })),
    ...policy.ramp.map(step => ({
      kind: 'ramp' as const,
      fromMs: actsFrom(policy, step.atMs),
      toMs: null,
      title: `Next floor for ${percentText(step.share)} of accounts`,
      share: step.share,
    })),
    ...policy.freeze.map(span => ({ kind: 'freeze' as const, ...span, title: 'Freeze: nothing changes' })),
    ...policy.exemptions.map(exemption => ({
      kind: 'exemption-ends' as const,
      fromMs: exemption.untilMs,
      toMs: null,
      title: `Exemption of ${exemption.account} ends`,
      account: exemption.account,
    })),
  ]
  if (policy.cutoffMs !== undefined)
    moments.push({ kind: 'cutoff', fromMs: policy.cutoffMs, toMs: null, title: 'Cutoff' })
  return moments.sort((a, b) => a.fromMs - b.fromMs)
}

/** The floor in force at `atMs` for an account without exemption that the ramp has not reached. */
export function inForce(policy: Policy, atMs: number): InForce {
  const rule = ruleAt(policy, atMs)
  const edges = [...policy.brownouts, ...policy.freeze].flatMap(span => [span.fromMs, span.toMs])
  if (policy.cutoffMs !== undefined) edges.push(policy.cutoffMs)
  const changes = edges.filter(edgeMs => ruleAt(policy, edgeMs) !== ruleAt(policy, edgeMs - 1))
  const before = changes.filter(edgeMs => edgeMs <= atMs)
  const after = changes.filter(edgeMs => edgeMs > atMs)
  return {
    floor: rule === 'before-cutoff' ? 'now' : 'next',
    rule,
    sinceMs: before.length > 0 ? Math.max(...before) : null,
    untilMs: after.length > 0 ? Math.min(...after) : null,
    rampShare: rule === 'cutoff' ? 1 : rampShareAt(policy, atMs),
  }
}

/** Which rule holds at `atMs` for an account without exemption that the ramp has not reached. */
export function ruleAt(policy: Policy, atMs: number): InForce['rule'] {
  if (policy.cutoffMs !== undefined && atMs >= policy.cutoffMs) return 'cutoff'
  return brownoutAt(policy, atMs) ? 'brownout' : 'before-cutoff'
}

/** What comes next that changes something for somebody. */
export function nextMoment(policy: Policy, atMs: number): Moment | null {
  return (
    schedule(policy).find(moment => moment.fromMs > atMs && !moment.frozen && moment.kind !== 'freeze') ??
    null
  )
}

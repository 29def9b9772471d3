import { utcMinute } from '../../base/time.ts'
import type { Policy } from '../policy.ts'
import type { Notes, Path } from './notes.ts'

/** What is allowed and may still surprise: instants that have passed, windows that never act, rows that act at once. */
export function warnAbout(policy: Policy, nowMs: number | undefined, notes: Notes): void {
  const { cutoffMs } = policy
  if (cutoffMs !== undefined && nowMs !== undefined && cutoffMs <= nowMs)
    notes.warn(
      ['cutoff'],
      `the cutoff has passed: the next floor (${policy.floor.next.title}) is in force since ${utcMinute(cutoffMs)}`,
    )
  if (cutoffMs !== undefined && isFrozen(policy, cutoffMs))
    notes.warn(['cutoff'], 'the cutoff falls into a freeze, which does not hold it back')
  if (sameFloor(policy))
    notes.warn(['floor', 'next'], 'the next floor is the same as the one of today: nobody would be refused')
  warnAboutWindows(policy, notes)
  for (const [i, exemption] of policy.exemptions.entries())
    if (nowMs !== undefined && exemption.untilMs <= nowMs)
      notes.warn(
        ['exemptions', i, 'until'],
        `the exemption of ${exemption.account} has ended at ${utcMinute(exemption.untilMs)}`,
        'take it out, or extend it with a reason',
      )
  const atOnce = cutoffMs === undefined || nowMs === undefined || nowMs < cutoffMs
  for (const [row, who] of [
    ['noSni', 'hellos without SNI'],
    ['otherSni', 'hellos for other names'],
  ] as const)
    if (policy.unknown[row] === 'next' && atOnce)
      notes.warn(['unknown', row], `${who} meet the next floor at once, not only from the cutoff on`)
  if (policy.accounts.length === 0)
    notes.warn(
      ['accounts'],
      'no rule says how an account is found: refused clients will have no names',
      'for example accounts: { sni: "{account}.example.com" }',
    )
}

function warnAboutWindows(policy: Policy, notes: Notes): void {
  const { cutoffMs = Number.POSITIVE_INFINITY } = policy
  const once = (windows: { atMs: number }[], path: Path, message: (count: string, at: string) => string) => {
    const first = windows[0]
    if (first) notes.warn(path, message(String(windows.length), utcMinute(first.atMs)))
  }
  const brownouts = policy.brownouts.map(({ fromMs }) => ({ atMs: fromMs }))
  once(
    brownouts.filter(({ atMs }) => atMs >= cutoffMs),
    ['brownouts'],
    (count, at) =>
      `${count} of ${brownouts.length} brownouts begin after the cutoff and change nothing (first ${at})`,
  )
  once(
    brownouts.filter(({ atMs }) => isFrozen(policy, atMs)),
    ['brownouts'],
    (count, at) =>
      `${count} of ${brownouts.length} brownouts fall into a freeze and will not act (first ${at})`,
  )
  once(
    policy.ramp.filter(({ atMs }) => atMs >= cutoffMs),
    ['ramp'],
    (count, at) =>
      `${count} of ${policy.ramp.length} steps of the ramp come after the cutoff and change nothing (first ${at})`,
  )
  once(
    policy.ramp.filter(({ atMs }) => isFrozen(policy, atMs)),
    ['ramp'],
    (count, at) =>
      `${count} of ${policy.ramp.length} steps of the ramp fall into a freeze and act when it ends (first ${at})`,
  )
}

function isFrozen(policy: Policy, atMs: number): boolean {
  return policy.freeze.some(freeze => freeze.fromMs <= atMs && atMs < freeze.toMs)
}

function sameFloor({ floor: { now, next } }: Policy): boolean {
  return JSON.stringify({ ...now, title: '' }) === JSON.stringify({ ...next, title: '' })
}

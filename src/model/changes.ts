import { actsFrom, type Force, floorInForce } from './decide.ts'
import type { Policy, Who } from './policy.ts'

/** From `atMs` on, this holds for a client, until the next change. */
export interface Change {
  atMs: number
  force: Force
}

/** Every instant from `fromMs` on (not included) at which something changes for one client: the floor, or how it is refused. Oldest first. */
export function changesFor(policy: Policy, who: Who, fromMs: number): Change[] {
  const instants = new Set<number>([
    ...policy.brownouts.flatMap(window => [window.fromMs, window.toMs]),
    ...policy.freeze.flatMap(window => [window.fromMs, window.toMs]),
    ...policy.ramp.map(step => actsFrom(policy, step.atMs)),
    ...policy.exemptions.map(exemption => exemption.untilMs),
    ...(policy.cutoffMs === undefined ? [] : [policy.cutoffMs]),
  ])
  const changes: Change[] = []
  let before = floorInForce(policy, who, fromMs)
  for (const atMs of [...instants].filter(instant => instant > fromMs).sort((a, b) => a - b)) {
    const force = floorInForce(policy, who, atMs)
    if (force.floor === before.floor && force.manner === before.manner) continue
    changes.push({ atMs, force })
    before = force
  }
  return changes
}

import { utcMinute } from '../base/time.ts'
import { negotiate } from './negotiate.ts'
import type { Offer } from './offer.ts'
import type {
  Brownout,
  Decision,
  Exemption,
  Floor,
  FloorName,
  Policy,
  RefusalManner,
  Rule,
  Who,
} from './policy.ts'
import type { CertificateKey, Prediction, ServerProfile } from './prediction.ts'
import { TLS_1_3 } from './version.ts'

/**
 * What happens to a client that offers this, at this instant. The one decision that gateway, edges, replay, rehearsal and evidence share:
 * pure, and the same for the same arguments. Policy and offer are taken as unchanging; whoever keeps one Offer per hello shape pays for
 * its negotiation once.
 */
export function decide(policy: Policy, offer: Offer, who: Who, atMs: number): Decision {
  const force = floorInForce(policy, who, atMs)
  const floors = prepare(policy)
  const next = passes(floors.next, offer)
  const answer = force.floor === 'next' ? next : passes(floors.now, offer)
  const breaks = next.outcome === 'refused' ? next.clause : null
  const shared = { floor: force.floor, rule: force.rule, manner: force.manner, breaks }
  if (answer.outcome === 'accepted')
    return {
      action: 'accept',
      ...shared,
      clause: null,
      alert: 0,
      because: `passes the floor in force (${policy.floor[force.floor].title}): ${reasonOf(policy, force, atMs)}`,
    }
  return {
    action: 'refuse',
    ...shared,
    clause: answer.clause,
    alert: answer.alert,
    because: `${answer.because}: ${reasonOf(policy, force, atMs)}`,
  }
}

/** A floor and the rule that put it in force for somebody. */
export interface Force {
  floor: FloorName
  rule: Rule
  manner: RefusalManner
}

/**
 * The floor that holds for `who` at `atMs`. Before an exemption, in this order: the cutoff; the rows for clients that nobody can name; the
 * ramp; a brownout. An exemption that has not ended beats all of them.
 */
export function floorInForce(policy: Policy, who: Who, atMs: number): Force {
  const force = withoutExemption(policy, who, atMs)
  if (force.floor === 'next' && exemptionOf(policy, who.account, atMs) !== undefined)
    return { floor: 'now', rule: 'exemption', manner: 'hard' }
  return force
}

function withoutExemption(policy: Policy, who: Who, atMs: number): Force {
  if (policy.cutoffMs !== undefined && atMs >= policy.cutoffMs) return held('next', 'cutoff')
  if (who.account === null) {
    if (who.name === 'none' && policy.unknown.noSni === 'next') return held('next', 'no-sni')
    if (who.name === 'other' && policy.unknown.otherSni === 'next') return held('next', 'other-sni')
  }
  if (inRamp(policy, who.account, atMs)) return held('next', 'ramp')
  const brownout = brownoutAt(policy, atMs)
  if (brownout) return { floor: 'next', rule: 'brownout', manner: brownout.refuse }
  return held('now', 'before-cutoff')
}

function held(floor: FloorName, rule: Rule): Force {
  return { floor, rule, manner: 'hard' }
}

/** The exemption of an account that holds at `atMs`. */
export function exemptionOf(policy: Policy, account: string | null, atMs: number): Exemption | undefined {
  if (account === null) return undefined
  const known = prepare(policy).exemptions.get(account.toLowerCase())
  return known?.find(exemption => exemption.untilMs > atMs)
}

/** The brownout that acts at `atMs`; none acts during a freeze. */
export function brownoutAt(policy: Policy, atMs: number): Brownout | undefined {
  if (freezeAt(policy, atMs)) return undefined
  return policy.brownouts.find(brownout => brownout.fromMs <= atMs && atMs < brownout.toMs)
}

function freezeAt(policy: Policy, atMs: number): { fromMs: number; toMs: number } | undefined {
  return policy.freeze.find(freeze => freeze.fromMs <= atMs && atMs < freeze.toMs)
}

/**
 * The share of accounts that the ramp has reached at `atMs`. A step whose time falls into a freeze acts when the freeze ends; steps that
 * acted before it stay.
 */
export function rampShareAt(policy: Policy, atMs: number): number {
  let share = 0
  for (const step of policy.ramp) if (actsFrom(policy, step.atMs) <= atMs) share = Math.max(share, step.share)
  return share
}

/** `atMs`, or the end of the freeze that it falls into. */
export function actsFrom(policy: Policy, atMs: number): number {
  const freeze = freezeAt(policy, atMs)
  return freeze ? actsFrom(policy, freeze.toMs) : atMs
}

/** An account keeps its place in the ramp for ever: with a growing share accounts join, and none leaves. */
function inRamp(policy: Policy, account: string | null, atMs: number): boolean {
  const share = rampShareAt(policy, atMs)
  // Clients without an account have no place of their own: they join last.
  return share >= 1 || (share > 0 && account !== null && placeInRamp(policy.retirement, account) < share)
}

/** 0 to below 1, evenly spread over accounts and different for each retirement: FNV-1a with the finalizer of MurmurHash3. */
export function placeInRamp(retirement: string, account: string): number {
  let hash = 0x811c9dc5
  for (const char of `${retirement}\n${account.toLowerCase()}`)
    hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000
}

/** A floor of the policy as a server. */
export function floorProfile(policy: Policy, name: FloorName): ServerProfile {
  return profileOf(policy.floor[name], policy.service.certificates, `${policy.retirement}/${name}`)
}

/** A floor as a server: at least this, and nothing said of what it leaves open. One engine judges floors and real servers. */
export function profileOf(floor: Floor, certificates?: CertificateKey[], id = floor.title): ServerProfile {
  return {
    id,
    title: floor.title,
    minVersion: floor.version,
    maxVersion: TLS_1_3,
    ...(floor.suites && { suites: floor.suites }),
    ...(floor.suitesTls13 && { suitesTls13: floor.suitesTls13 }),
    ...(floor.groups && { groups: floor.groups }),
    ...(floor.signatureSchemes && { signatureSchemes: floor.signatureSchemes }),
    ...(certificates && { certificates }),
    suiteChoice: 'client',
    requiresSni: floor.requireSni === true,
    engine: 'standard',
    ignoresFallback: true,
  }
}

interface PreparedFloor {
  profile: ServerProfile
  answers: WeakMap<Offer, Prediction>
}

interface Prepared {
  now: PreparedFloor
  next: PreparedFloor
  /** By account in lower case. */
  exemptions: Map<string, Exemption[]>
}

const preparedPolicies = new WeakMap<Policy, Prepared>()

function prepare(policy: Policy): Prepared {
  let known = preparedPolicies.get(policy)
  if (known === undefined) {
    const floor = (name: FloorName) => ({ profile: floorProfile(policy, name), answers: new WeakMap() })
    known = { now: floor('now'), next: floor('next'), exemptions: new Map() }
    for (const exemption of policy.exemptions) {
      const account = exemption.account.toLowerCase()
      known.exemptions.set(account, [...(known.exemptions.get(account) ?? []), exemption])
    }
    preparedPolicies.set(policy, known)
  }
  return known
}

function passes(floor: PreparedFloor, offer: Offer): Prediction {
  let answer = floor.answers.get(offer)
  if (answer === undefined) {
    answer = negotiate(offer, floor.profile)
    floor.answers.set(offer, answer)
  }
  return answer
}

/** Why this floor is in force at `atMs`, as the second half of a sentence. */
export function reasonOf(policy: Policy, force: Force, atMs: number): string {
  switch (force.rule) {
    case 'before-cutoff':
      return policy.cutoffMs === undefined
        ? 'no cutoff has been set'
        : `the cutoff is at ${utcMinute(policy.cutoffMs)}`
    case 'cutoff':
      return `the cutoff was at ${utcMinute(policy.cutoffMs!)}`
    case 'brownout':
      return `a brownout lasts until ${utcMinute(brownoutAt(policy, atMs)!.toMs)}`
    case 'ramp':
      return `the ramp has reached this account (share ${rampShareAt(policy, atMs)})`
    case 'exemption':
      return 'the account is exempt'
    case 'no-sni':
      return 'hellos without SNI meet the next floor'
    case 'other-sni':
      return "hellos for names that are not the service's meet the next floor"
  }
}

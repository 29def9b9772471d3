import type { Attribution } from '../../model/attribution/attribute.ts'
import { addressOwners, whoIs } from '../../model/attribution/who.ts'
import { decide } from '../../model/decide.ts'
import { highestOffered, type Offer } from '../../model/offer.ts'
import type { Decision, Policy, Who } from '../../model/policy.ts'
import type { HelloShape } from '../../model/usage.ts'
import { rowFragment } from '../../spool/line.ts'
import { ja3, ja4, shapeKey, shapeOf } from '../../wire/fingerprint.ts'
import type { Upstream } from './upstreams.ts'

/** Everything that follows from one hello under one policy. Connections whose hellos are alike share it. */
export interface Sighting {
  offer: Offer
  who: Who
  attribution: Attribution
  shape: HelloShape
  upstream: Upstream | null
  decision: Decision
  /** The decision holds until here; at this instant the policy may do something else. */
  decidedUntilMs: number
  /** The columns of the observation that all these connections share. */
  fragment: string
}

export interface Sightings {
  /** By `helloKey`, for a client at this address. */
  find(key: string, atMs: number, address: string): Sighting | undefined
  /** For a hello that was parsed. With a key it is kept for the next that look alike. */
  see(offer: Offer, atMs: number, address: string, key?: string): Sighting
  /** Decides again where the time for it has come. */
  refresh(sighting: Sighting, atMs: number): void
  /** When the policy does something next; Infinity for never. */
  nextChangeMs(atMs: number): number
}

/** What is kept at most: hellos by key, and shapes. The oldest go first; browsers that permute their extensions fill the former. */
const mostHellos = 4096
const mostShapes = 4096

/** What an observation's `service` says: the names the retirement is for. */
export function serviceOf(policy: Policy): string {
  return policy.service.names.join(', ')
}

/** Offers, shapes, accounts and decisions by hello, for one policy: a new policy gets a new one. Only the shapes outlive it. */
export function openSightings(
  policy: Policy,
  route: (sni: string | null) => Upstream | null,
  shapes = new Map<string, HelloShape>(),
): Sightings {
  const known = new Map<string, Sighting>()
  const instants = changesOf(policy)
  const service = serviceOf(policy)
  const byAddress = policy.accounts.some(rule => rule.by === 'address')

  /** One hello from addresses of two owners is of two accounts. */
  function keyAt(key: string, address: string): string {
    return byAddress ? `${addressOwners(policy, address)}${key}` : key
  }

  function nextChangeMs(atMs: number): number {
    return instants.find(instant => instant > atMs) ?? Number.POSITIVE_INFINITY
  }

  function settle(
    sighting: Omit<Sighting, 'decision' | 'decidedUntilMs' | 'fragment'>,
    atMs: number,
  ): Sighting {
    const { offer, who, attribution, shape } = sighting
    const decision = decide(policy, offer, who, atMs)
    return {
      ...sighting,
      decision,
      decidedUntilMs: nextChangeMs(atMs),
      fragment: rowFragment({
        service,
        account: attribution.account,
        attributedBy: attribution.by,
        // The name of an outer hello may be that of a provider who fronts for many.
        confidence: offer.ech && attribution.account !== '' ? 'guessed' : attribution.confidence,
        source: 'gateway',
        sni: offer.sni ?? '',
        shape: shape.id,
        offeredMax: highestOffered(offer),
        breaks: decision.breaks ?? '',
        operation: '',
        userAgent: '',
        count: 1,
      }),
    }
  }

  function refresh(sighting: Sighting, atMs: number): void {
    if (atMs >= sighting.decidedUntilMs) Object.assign(sighting, settle(sighting, atMs))
  }

  return {
    find(key, atMs, address) {
      const sighting = known.get(keyAt(key, address))
      if (sighting) refresh(sighting, atMs)
      return sighting
    },
    see(offer, atMs, address, key) {
      const sighting = settle(
        {
          offer,
          ...whoIs(policy, offer.sni, address),
          shape: shapeFor(offer, shapes),
          upstream: route(offer.sni),
        },
        atMs,
      )
      if (key !== undefined) keep(known, keyAt(key, address), sighting, mostHellos)
      return sighting
    },
    refresh,
    nextChangeMs,
  }
}

function shapeFor(offer: Offer, shapes: Map<string, HelloShape>): HelloShape {
  const key = shapeKey(offer)
  const found = shapes.get(key)
  if (found) return found
  const { ja4: hashed, raw } = ja4(offer)
  const shape = { ...shapeOf(offer), ja3: ja3(offer), ja4: hashed, ja4r: raw }
  keep(shapes, key, shape, mostShapes)
  return shape
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  if (map.size >= most) map.delete(map.keys().next().value!)
  map.set(key, value)
}

/** Every instant at which a decision may come out differently, in order. */
function changesOf(policy: Policy): number[] {
  const instants = [
    ...(policy.cutoffMs === undefined ? [] : [policy.cutoffMs]),
    ...[...policy.brownouts, ...policy.freeze].flatMap(span => [span.fromMs, span.toMs]),
    ...policy.ramp.map(step => step.atMs),
    ...policy.exemptions.map(exemption => exemption.untilMs),
  ]
  return [...new Set(instants)].sort((a, b) => a - b)
}

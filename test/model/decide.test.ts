import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { whoIs } from '../../src/model/attribution/who.ts'
import { decide, floorInForce, placeInRamp } from '../../src/model/decide.ts'
import type { Policy, Who } from '../../src/model/policy.ts'
import { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 } from '../../src/model/version.ts'
import { offerOf } from './offers.ts'

const cutoffMs = Date.UTC(2023, 2, 31)
const hour = 3_600_000
const contoso: Who = { account: 'contoso', name: 'service' }

function policyOf(more: Partial<Policy> = {}): Policy {
  return {
    retirement: 'batch-tls-1.0-1.1',
    service: { names: ['*.batch.azure.com'], owner: 'platform-security' },
    accounts: [{ by: 'sni', pattern: '{account}.{region}.batch.azure.com' }],
    floor: {
      now: { version: TLS_1_0, title: 'TLS 1.0' },
      next: { version: TLS_1_2, title: 'TLS 1.2' },
    },
    cutoffMs,
    brownouts: [],
    ramp: [],
    freeze: [],
    exemptions: [],
    guardrails: {},
    ready: { maxAccountsThatBreak: 0, cleanCycles: 2 },
    unknown: { noSni: 'now', otherSni: 'now' },
    ...more,
  }
}

describe('decide', () => {
  test('lets TLS 1.0 in before the cutoff, says what will break, and refuses it from that instant on', () => {
    const policy = policyOf()
    const old = offerOf(TLS_1_0)
    expect(decide(policy, old, contoso, cutoffMs - 1)).toMatchObject({
      action: 'accept',
      floor: 'now',
      rule: 'before-cutoff',
      breaks: 'version',
      alert: 0,
    })
    expect(decide(policy, old, contoso, cutoffMs)).toMatchObject({
      action: 'refuse',
      floor: 'next',
      rule: 'cutoff',
      clause: 'version',
      alert: 70,
      because:
        'the client offers at most TLS 1.0, and the server accepts TLS 1.2 to TLS 1.3: the cutoff was at 2023-03-31 00:00 UTC',
    })
    expect(decide(policy, offerOf(TLS_1_3), contoso, cutoffMs)).toMatchObject({
      action: 'accept',
      breaks: null,
    })
  })

  test('a brownout ends by itself, keeps its manner, and does not act in a freeze', () => {
    const fromMs = cutoffMs - 10 * hour
    const brownout = { fromMs, toMs: fromMs + hour, refuse: 'soft', open: 'leave' } as const
    const policy = policyOf({ brownouts: [brownout] })
    const at = (atMs: number) => decide(policy, offerOf(TLS_1_1), contoso, atMs)
    expect(at(fromMs - 1).action).toBe('accept')
    expect(at(fromMs)).toMatchObject({ action: 'refuse', rule: 'brownout', manner: 'soft' })
    expect(at(fromMs + hour).action).toBe('accept')
    const frozen = policyOf({
      brownouts: [brownout],
      freeze: [{ fromMs: fromMs - 1, toMs: fromMs + 2 * hour }],
    })
    expect(decide(frozen, offerOf(TLS_1_1), contoso, fromMs).action).toBe('accept')
  })

  test('a ramp step that falls into a freeze acts when the freeze ends', () => {
    const atMs = cutoffMs - 100 * hour
    const policy = policyOf({
      ramp: [{ atMs, share: 1 }],
      freeze: [{ fromMs: atMs - hour, toMs: atMs + hour }],
    })
    expect(floorInForce(policy, contoso, atMs).rule).toBe('before-cutoff')
    expect(floorInForce(policy, contoso, atMs + hour).rule).toBe('ramp')
  })

  test('rows for hellos without a name, and with a name that is not of the service', () => {
    const policy = policyOf({ unknown: { noSni: 'next', otherSni: 'now' } })
    const old = offerOf(TLS_1_0)
    expect(decide(policy, old, { account: null, name: 'none' }, 0)).toMatchObject({
      action: 'refuse',
      rule: 'no-sni',
    })
    expect(decide(policy, old, { account: null, name: 'other' }, 0).action).toBe('accept')
    // Known by its address: the row is for clients that nobody can name.
    expect(decide(policy, old, { account: 'contoso', name: 'none' }, 0).action).toBe('accept')
  })

  test('an exemption names its account in any case, beats the cutoff, and ends', () => {
    const untilMs = cutoffMs + 24 * hour
    const policy = policyOf({
      exemptions: [{ account: 'Contoso', untilMs, reason: 'appliance', approvedBy: 'j.doe' }],
    })
    const old = offerOf(TLS_1_0)
    expect(decide(policy, old, contoso, untilMs - 1)).toMatchObject({ action: 'accept', rule: 'exemption' })
    expect(decide(policy, old, contoso, untilMs)).toMatchObject({ action: 'refuse', rule: 'cutoff' })
    expect(decide(policy, old, { account: 'fabrikam', name: 'service' }, untilMs - 1).action).toBe('refuse')
  })
})

const versions = [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]
const instant = fc.integer({ min: cutoffMs - 2000 * hour, max: cutoffMs + 2000 * hour })
const account = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/)
const who: fc.Arbitrary<Who> = fc.oneof(
  account.map((name): Who => ({ account: name, name: 'service' })),
  fc.constantFrom<Who>({ account: null, name: 'none' }, { account: null, name: 'other' }),
)
const offers = fc.record({
  max: fc.constantFrom(...versions),
  extension: fc.boolean(),
  suites: fc.uniqueArray(
    fc.constantFrom(0x002f, 0x0035, 0x000a, 0x009c, 0xc013, 0xc02f, 0xc030, 0xc02b, 0x1301),
    {
      minLength: 1,
    },
  ),
  groups: fc.uniqueArray(fc.constantFrom(0x17, 0x18, 0x1d, 0x11ec)),
})
const anyOffer = offers.map(({ max, extension, suites, groups }) =>
  offerOf(max, { suites, groups, ...(extension && { supportedVersions: versions.filter(v => v <= max) }) }),
)
const anyPolicy = fc
  .record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    rampAtMs: instant,
    brownoutFromMs: instant,
    freezeFromMs: instant,
    exempt: fc.array(fc.record({ account, untilMs: instant }), { maxLength: 3 }),
    unknown: fc.record({
      noSni: fc.constantFrom('now', 'next') as fc.Arbitrary<'now' | 'next'>,
      otherSni: fc.constantFrom('now', 'next') as fc.Arbitrary<'now' | 'next'>,
    }),
    suites: fc.constantFrom<number[] | undefined>(undefined, [0xc02f, 0xc030, 0xc02b]),
  })
  .map(({ share, rampAtMs, brownoutFromMs, freezeFromMs, exempt, unknown, suites }) =>
    policyOf({
      floor: {
        now: { version: TLS_1_0, title: 'TLS 1.0' },
        next: { version: TLS_1_2, title: 'TLS 1.2', ...(suites && { suites }) },
      },
      ramp: [{ atMs: rampAtMs, share }],
      brownouts: [{ fromMs: brownoutFromMs, toMs: brownoutFromMs + hour, refuse: 'hard', open: 'leave' }],
      freeze: [{ fromMs: freezeFromMs, toMs: freezeFromMs + 48 * hour }],
      exemptions: exempt.map(one => ({ ...one, reason: 'r', approvedBy: 'a' })),
      unknown,
    }),
  )

describe('decide, for any policy and offer', () => {
  test('the same arguments give the same decision, cached or not', () => {
    fc.assert(
      fc.property(anyPolicy, anyOffer, who, instant, (policy, offer, client, atMs) => {
        const first = decide(policy, offer, client, atMs)
        expect(decide(policy, offer, client, atMs)).toEqual(first)
        expect(decide(structuredClone(policy), structuredClone(offer), client, atMs)).toEqual(first)
      }),
    )
  })

  test('after the cutoff nothing below the next floor passes without an exemption', () => {
    fc.assert(
      fc.property(anyPolicy, anyOffer, who, instant, (policy, offer, client, atMs) => {
        const decision = decide(policy, offer, client, atMs)
        if (atMs < cutoffMs || decision.rule === 'exemption') return
        expect(decision.action).toBe(decision.breaks === null ? 'accept' : 'refuse')
      }),
    )
  })

  test('an exemption lets in whatever the floor of today lets in', () => {
    fc.assert(
      fc.property(anyPolicy, anyOffer, account, instant, (policy, offer, name, atMs) => {
        const exempt = { account: name, untilMs: atMs + 1, reason: 'r', approvedBy: 'a' }
        const decision = decide(
          { ...policy, exemptions: [exempt] },
          offer,
          { account: name, name: 'service' },
          atMs,
        )
        expect(decision.floor).toBe('now')
        expect(decision.action).toBe('accept')
      }),
    )
  })

  test('a floor that names only a version refuses by nothing else', () => {
    fc.assert(
      fc.property(anyOffer, fc.constantFrom(...versions), (offer, version) => {
        const floor = { version, title: 'a version' }
        const { clause } = decide(policyOf({ floor: { now: floor, next: floor } }), offer, contoso, cutoffMs)
        expect([null, 'version']).toContain(clause)
      }),
      // A hello of TLS 1.2 whose only group is one of TLS 1.3.
      { examples: [[offerOf(TLS_1_2, { suites: [0xc02f], groups: [4588] }), TLS_1_0]] },
    )
  })

  test('offering one more version never turns an accepted hello into a version refusal', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.subarray(versions, { minLength: 1 }),
        fc.constantFrom(...versions),
        instant,
        (policy, some, extra, atMs) => {
          const suites = [0x1301, 0xc02f, 0xc013, 0x002f]
          const fewer = offerOf(TLS_1_2, { suites, supportedVersions: some })
          const more = offerOf(TLS_1_2, { suites, supportedVersions: [...new Set([...some, extra])] })
          if (decide(policy, fewer, contoso, atMs).action === 'accept')
            expect(decide(policy, more, contoso, atMs).action).toBe('accept')
        },
      ),
    )
  })

  test('an account that the ramp has reached stays in, and the share is kept', () => {
    fc.assert(
      fc.property(
        account,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (name, a, b) => {
          const reached = (share: number) =>
            floorInForce(policyOf({ ramp: [{ atMs: 0, share }] }), { account: name, name: 'service' }, 1)
              .rule === 'ramp'
          if (reached(Math.min(a, b))) expect(reached(Math.max(a, b))).toBe(true)
        },
      ),
    )
    const accounts = Array.from({ length: 20_000 }, (_, i) => placeInRamp('batch', `account-${i}`))
    for (const share of [0.05, 0.25, 0.5])
      expect(Math.abs(accounts.filter(place => place < share).length / accounts.length - share)).toBeLessThan(
        0.02,
      )
  })
})

describe('whoIs', () => {
  const policy = policyOf()
  test.each([
    ['contoso.westeurope.batch.azure.com', 'contoso', 'service'],
    ['CONTOSO.WestEurope.Batch.Azure.Com.', 'contoso', 'service'],
    ['a.b.c.batch.azure.com', null, 'service'],
    ['batch.azure.com', null, 'other'],
    ['-x.westeurope.batch.azure.com', null, 'service'],
    ['contoso.westeurope.batch.azure.com.evil.example', null, 'other'],
    ['192.0.2.1', null, 'other'],
    [`${'a'.repeat(250)}.batch.azure.com`, null, 'other'],
    [null, null, 'none'],
  ])('%s', (sni, account, name) => {
    expect(whoIs(policy, sni).who).toEqual({ account, name })
  })
})

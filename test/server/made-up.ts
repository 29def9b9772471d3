import { dayMs, hourMs, minuteMs, startOfDay } from '../../src/base/time.ts'
import type { AccountDetail, Refusal, SourceState } from '../../src/model/api.ts'
import type { Policy } from '../../src/model/policy.ts'
import type { AccountVerdict, BurnDownPoint, ClientSeen, StackGuess } from '../../src/model/verdict.ts'
import type { Facts } from '../../src/server/facts.ts'
import type { Decisions } from '../../src/server/go-ledger.ts'

/** A retirement with everything that the console can show, and the means to make things happen. */
export interface MadeUp {
  facts: Facts
  decisions: Decisions
  policy: Policy
  accounts: AccountVerdict[]
  sources: SourceState[]
  refusals: Refusal[]
  days: BurnDownPoint[]
  /** Refuses somebody now and tells the listeners. */
  refuse(account: string): void
  change(): void
}

const stack = (id: string, title: string, strength: StackGuess['strength'] = 'proves'): StackGuess => ({
  id,
  title,
  strength,
  also: strength === 'suggests' ? ['curl 7.61 (RHEL 8)', 'Python 3.6'] : [],
  remedy: id,
})
const java6 = stack('java', 'Java 6 or 7')
const net45 = stack('dotnet', '.NET Framework 4.5 on Windows Server 2012')
const openssl098 = stack('openssl', 'OpenSSL 0.9.8', 'suggests')
const openssl3 = stack('modern', 'OpenSSL 3', 'suggests')
const nobody: StackGuess = {
  id: 'unknown',
  title: 'unknown stack',
  strength: 'suggests',
  also: [],
  remedy: null,
}

export function madeUp(now: () => number): MadeUp {
  const at = now()
  const today = startOfDay(at)
  const account = (
    name: string,
    verdict: AccountVerdict['verdict'],
    because: string,
    numbers: { all: number; old: number; lastMs?: number; refused?: number },
    stacks: StackGuess[],
    more: Partial<AccountVerdict> = {},
  ): AccountVerdict => ({
    account: name,
    service: '*.batch.example.net',
    verdict,
    because,
    clauses: numbers.old > 0 ? ['version'] : [],
    counts: {
      connections: numbers.all,
      accepted: numbers.all - (numbers.refused ?? 0),
      refused: numbers.refused ?? 0,
      failed: 0,
      wouldBreak: numbers.old,
    },
    firstSeenMs: numbers.all > 0 ? today - 33 * dayMs : 0,
    lastSeenMs: numbers.lastMs ?? 0,
    lastBreakingMs: numbers.old > 0 ? (numbers.lastMs ?? 0) : 0,
    stacks,
    attributedBy: [{ by: 'sni', confidence: 'certain', connections: 1, accounts: 1 }],
    exemptUntilMs: null,
    blind: ['clients that never connect in the window'],
    ...more,
  })
  const accounts = [
    account(
      'contoso',
      'breaks',
      '1,204 of 1,204 connections from 1 client offer at most TLS 1.0',
      { all: 1204, old: 1204, lastMs: at - 4 * minuteMs },
      [java6],
      { offeredMax: 0x0301, exemptUntilMs: today + 41 * dayMs },
    ),
    account(
      'fabrikam',
      'breaks',
      '31 of 18,440 connections from 1 client offer at most TLS 1.0',
      { all: 18_440, old: 31, lastMs: at - 9 * dayMs },
      [net45, openssl3],
      { offeredMax: 0x0301 },
    ),
    account(
      'northwind',
      'breaks',
      '640 of 911 connections from 2 clients offer at most TLS 1.1',
      { all: 911, old: 640, lastMs: at - 50 * minuteMs },
      [openssl098],
      { offeredMax: 0x0302 },
    ),
    account(
      'adventure-works',
      'unsure',
      '12 of 12 connections negotiated less than TLS 1.2 at an edge that nobody was seen to use with more: old client or old edge',
      { all: 12, old: 0, lastMs: at - 3 * dayMs },
      [nobody],
    ),
    account(
      'wingtip',
      'unseen',
      'last seen 40 days ago, on 2026-08-20',
      { all: 0, old: 0, lastMs: at - 40 * dayMs },
      [],
    ),
    account(
      'litware',
      'clear',
      '88,031 of 88,031 connections from 3 clients pass TLS 1.2, suites intermediate',
      { all: 88_031, old: 0, lastMs: at - 2000 },
      [openssl3],
      { offeredMax: 0x0304 },
    ),
  ]
  const policy: Policy = {
    retirement: 'batch-tls-1.0-1.1',
    service: { names: ['*.batch.example.net'], owner: 'platform-security' },
    accounts: [{ by: 'sni', pattern: '{account}.{region}.batch.example.net' }],
    floor: {
      now: { version: 0x0301, title: 'TLS 1.0' },
      next: {
        version: 0x0303,
        suites: [0xc02b, 0xc02f, 0xc02c, 0xc030],
        title: 'TLS 1.2, suites intermediate',
      },
    },
    cutoffMs: today + 31 * dayMs + 12 * hourMs,
    brownouts: [0, 7, 14].map(days => ({
      fromMs: today + days * dayMs + 14 * hourMs,
      toMs: today + days * dayMs + 14 * hourMs + 10 * minuteMs,
      refuse: 'hard' as const,
      open: 'leave' as const,
    })),
    ramp: [{ atMs: today + 20 * dayMs, share: 0.25 }],
    freeze: [{ fromMs: today + 24 * dayMs, toMs: today + 28 * dayMs }],
    exemptions: [
      {
        account: 'contoso',
        untilMs: today + 41 * dayMs,
        reason: 'AS2 appliance, replaced in May',
        approvedBy: 'j.doe',
        compensating: 'address allow-list',
      },
    ],
    guardrails: { abortIfRefusedAccounts: 20, abortIfRefusedShare: 0.02 },
    ready: { maxAccountsThatBreak: 0, cleanCycles: 2 },
    unknown: { noSni: 'next', otherSni: 'next' },
  }
  const line = [
    14, 14, 13, 13, 14, 12, 12, 11, 11, 11, 11, 9, 9, 8, 8, 8, 8, 7, 7, 6, 6, 6, 6, 6, 5, 5, 4, 4, 4, 3,
  ]
  const days = line.map((count, i) => ({
    atMs: today - (line.length - 1 - i) * dayMs,
    connections: 4000,
    wouldBreak: count * 20,
    refused: 0,
    accountsThatBreak: count,
  }))
  const sources: SourceState[] = [
    {
      id: 'gateway',
      title: 'gateway',
      status: 'live',
      firstSeenMs: today - 20 * dayMs,
      lastSeenMs: at - 2000,
      connections: 61_204,
      perDay: 3_060,
      gaps: [],
      quietAfterMs: hourMs,
      blind: ['what is asked for inside the connection'],
      skipped: { 'not TLS': 41 },
    },
    {
      id: 'nginx',
      title: 'nginx access log',
      status: 'live',
      firstSeenMs: today - 33 * dayMs,
      lastSeenMs: at - 3 * minuteMs,
      connections: 47_394,
      perDay: 1_400,
      gaps: [],
      quietAfterMs: dayMs,
      blind: ['handshakes that fail never reach this log'],
      skipped: {},
    },
  ]
  const listeners = new Set<() => void>()
  const refusals: Refusal[] = []
  const change = () => {
    for (const listener of listeners) listener()
  }
  const sum = (of: (account: AccountVerdict) => number) =>
    accounts.reduce((total, each) => total + of(each), 0)

  const facts: Facts = {
    policy: () => policy,
    report: async window => ({
      retirement: policy.retirement,
      service: policy.service.names.join(', '),
      sources: sources.map(source => source.id),
      window,
      floor: policy.floor.next.title,
      cutoffMs: policy.cutoffMs ?? null,
      totals: {
        connections: sum(each => each.counts.connections),
        accepted: sum(each => each.counts.accepted),
        refused: sum(each => each.counts.refused),
        failed: 0,
        wouldBreak: sum(each => each.counts.wouldBreak),
        accounts: accounts.length,
        accountsThatBreak: accounts.filter(each => each.verdict === 'breaks').length,
        observations: sum(each => each.counts.connections),
        skipped: {},
      },
      byVersion: [],
      attribution: [
        {
          by: 'sni',
          confidence: 'certain',
          connections: sum(each => each.counts.connections),
          accounts: accounts.length,
        },
      ],
      junk: [],
      coverage: [],
      accounts,
    }),
    account: async name => {
      const found = accounts.find(each => each.account === name)
      return found ? detailOf(found, refusals, days, at) : null
    },
    burnDown: async (window, stepMs) => (stepMs === dayMs ? days : pulse(window, stepMs, accounts.length)),
    refusals: async limit => refusals.slice(0, limit),
    refused: async () => ({
      accounts: new Set(refusals.map(refusal => refusal.account)).size,
      connections: refusals.length,
    }),
    sources: async () => sources,
    usage: async () => ({ rows: [], shapes: [], known: [], sources: [], skipped: {}, coverage: [] }),
    whatIf: async () => [],
    foundations: async () => ({ sources: [], shapes: 0 }),
    sightings: async () => ({ sightings: [], next: null }),
    auditLines: async () => ({ lines: [], next: null }),
    health: async () => ({
      status: 'ok',
      problems: [],
      processes: [{ id: 'store', title: 'store and console', up: true, pid: 1, startedMs: at, restarts: 0 }],
      gateway: { listen: '127.0.0.1:8443', open: 3, accepted: 61_204, refused: 0 },
      store: '/var/lib/tlsunset',
    }),
    onChange: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }

  const entry = {
    atMs: at - hourMs,
    day: new Date(at - hourMs).toISOString().slice(0, 10),
    go: false,
    because: '3 accounts are left; agreed: 0 accounts at most, each clean for 2 cycles',
    window: { fromMs: at - 90 * dayMs, toMs: at },
    thresholds: policy.ready,
    numbers: { remaining: 3, stopped: 9, exempt: 1, connections: 61_204, wouldBreak: 1041 },
    remaining: ['contoso', 'fabrikam', 'northwind'],
    cutoffMs: policy.cutoffMs ?? null,
    policyHash: '050859475af3ae60',
  }
  const dates = { cutoffMs: at, brownouts: [], ramp: [] }
  const decisions: Decisions = {
    answer: async () => ({
      go: false,
      because: entry.because,
      perWeek: { value: -1.5, range: [-3, 0] },
      atCutoff: { value: 1, range: [0, 3] },
      cutoffMs: entry.cutoffMs,
      decisions: [entry],
      slips: [
        {
          atMs: at - 20 * dayMs,
          from: null,
          to: dates,
          cutoffMovedDays: null,
          numbers: null,
          policyHash: '1',
        },
        {
          atMs: at - 9 * dayMs,
          from: dates,
          to: { ...dates, cutoffMs: at + 59 * dayMs },
          cutoffMovedDays: 59,
          numbers: { ...entry.numbers, remaining: 14 },
          policyHash: entry.policyHash,
        },
      ],
    }),
    record: async () => ({ record: entry, isNew: false }),
  }
  return {
    facts,
    decisions,
    policy,
    accounts,
    sources,
    refusals,
    days,
    change,
    refuse(name) {
      const found = accounts.find(each => each.account === name)
      if (found) {
        found.counts.connections++
        found.counts.refused++
        found.counts.wouldBreak++
        found.lastSeenMs = found.lastBreakingMs = now()
      }
      refusals.unshift({
        id: `${now()}-${refusals.length}`,
        atMs: now(),
        account: name,
        sni: `${name}.westeurope.batch.example.net`,
        address: '192.0.2.17',
        offeredMax: 0x0301,
        clause: 'version',
        ja4: 't10d110300_d83cc789557e_16bbda4055b2',
        source: 'gateway',
        count: 1,
      })
      change()
    },
  }
}

function pulse(window: { fromMs: number; toMs: number }, stepMs: number, old: number): BurnDownPoint[] {
  const points: BurnDownPoint[] = []
  for (let atMs = Math.ceil(window.fromMs / stepMs) * stepMs; atMs < window.toMs; atMs += stepMs)
    points.push({
      atMs,
      connections: 9,
      wouldBreak: 1 + ((atMs / stepMs) % old),
      refused: (atMs / stepMs) % 7 === 0 ? 1 : 0,
      accountsThatBreak: 1,
    })
  return points
}

function detailOf(
  account: AccountVerdict,
  refusals: Refusal[],
  days: BurnDownPoint[],
  at: number,
): AccountDetail {
  const clients = account.stacks.map((guess, i): ClientSeen => {
    const isOld = account.verdict === 'breaks' && i === 0
    return {
      shape: `shape${i}`,
      ja4: isOld ? 't10d110300_d83cc789557e_16bbda4055b2' : 't13d1516h2_8daaf6152771_02713d6af862',
      ja3: isOld ? '2db6873021f2a95daa7de0d93a1d1bf2' : 'cd08e31494f9531f560d64c695473da9',
      stack: guess,
      offeredMax: isOld ? 0x0301 : 0x0303,
      negotiated: [{ version: isOld ? 0x0301 : 0x0303, connections: account.counts.connections }],
      breaks: isOld ? 'version' : null,
      because: account.because,
      counts: account.counts,
      firstSeenMs: account.firstSeenMs,
      lastSeenMs: account.lastSeenMs,
      userAgents: ['Java/1.6.0_45'],
      addresses: 2,
      snis: [`${account.account}.westeurope.batch.example.net`],
      suites: [0x002f, 0x0035, 0x0005],
    }
  })
  const hours = Array.from({ length: 168 }, (_, hour) =>
    hour % 24 === 2 && hour < 120 ? 40 + (hour % 5) * 9 : 0,
  )
  return {
    account,
    clients,
    hours: { all: hours.map((count, i) => count + (i % 24 > 7 && i % 24 < 18 ? 12 : 0)), breaking: hours },
    rhythms: [
      { stack: 'Java 6 or 7', text: 'weekly, due by 2026-11-27; 0 cycles without it', hasStopped: false },
    ],
    operations: [
      { operation: 'Pool_List', connections: 812, wouldBreak: 812, lastSeenMs: at - 4 * minuteMs },
      { operation: 'Task_AddCollection', connections: 392, wouldBreak: 392, lastSeenMs: at - hourMs },
    ],
    days,
    attributedBy: 'sni',
    confidence: 'certain',
    remedies: {
      java: {
        id: 'java',
        title: 'Let Java offer TLS 1.2',
        text: 'Java 7 knows TLS 1.2 but does not offer it: start it with -Dhttps.protocols=TLSv1.2, or move to Java 8, which offers it by default.',
        sources: ['https://docs.oracle.com/javase/7/docs/technotes/guides/security/'],
      },
    },
    refusals: refusals.filter(refusal => refusal.account === account.account),
  }
}

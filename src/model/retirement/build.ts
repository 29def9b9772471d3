import { utcMinute } from '../../base/time.ts'
import { isAccountId, patternProblem } from '../attribution.ts'
import type { Exemption, Policy } from '../policy.ts'
import type { CertificateKey } from '../prediction.ts'
import { parseCertificateKey } from '../profile.ts'
import type { RetirementFile } from '../retirement-schema.ts'
import { versionName } from '../version.ts'
import { type ReadTable, readAccounts } from './accounts.ts'
import { readBrownouts } from './brownouts.ts'
import { instantAt, readFloor } from './fields.ts'
import { readGateway } from './gateway.ts'
import { readJunk } from './junk.ts'
import type { Notes } from './notes.ts'

/** Makes the policy of a file whose shape is right, noting what its values cannot mean. The result counts only without problems. */
export function buildPolicy(file: RetirementFile, notes: Notes, readTable?: ReadTable): Policy {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(file.retirement))
    notes.problem(
      ['retirement'],
      `${JSON.stringify(file.retirement)} is no name for a retirement`,
      'letters, digits, dots and dashes, at most 64',
    )
  const cutoffMs = file.cutoff === undefined ? undefined : instantAt(file.cutoff, ['cutoff'], notes)
  return {
    retirement: file.retirement,
    service: readService(file, notes),
    accounts: readAccounts(file, notes, readTable),
    ...(file.junk && { junk: readJunk(file.junk, notes) }),
    floor: readFloors(file, notes),
    ...(cutoffMs !== undefined && { cutoffMs }),
    brownouts: readBrownouts(file.brownouts ?? [], notes),
    ramp: readRamp(file, notes),
    freeze: readFreeze(file, notes),
    exemptions: readExemptions(file, notes),
    guardrails: file.guardrails ?? {},
    ready: {
      maxAccountsThatBreak: file.ready?.maxAccountsThatBreak ?? 0,
      cleanCycles: file.ready?.cleanCycles ?? 2,
    },
    unknown: { noSni: file.unknown?.noSni ?? 'now', otherSni: file.unknown?.otherSni ?? 'now' },
    ...(file.gateway && { gateway: readGateway(file.gateway, notes) }),
  }
}

function readService(file: RetirementFile, notes: Notes): Policy['service'] {
  const { names = [], owner = '', certificates } = file.service ?? {}
  if (names.length === 0)
    notes.problem(
      ['service', 'names'],
      'names of the service are missing',
      'for example names: ["api.example.com"]',
    )
  if (owner === '')
    notes.problem(
      ['service', 'owner'],
      'owner of the service is missing',
      'say who answers for the retirement',
    )
  for (const [i, name] of names.entries()) {
    const wrong = /\{/.test(name)
      ? 'names no host (words in braces belong to accounts)'
      : patternProblem(name)
    if (wrong) notes.problem(['service', 'names', i], `${name} ${wrong}`)
  }
  const keys = certificates?.flatMap((text, i): CertificateKey[] => {
    const key = parseCertificateKey(text)
    if (key === undefined)
      notes.problem(
        ['service', 'certificates', i],
        `there is no key ${text}`,
        'for example rsa-2048, ecdsa-p256 or ed25519',
      )
    return key ? [key] : []
  })
  return { names, owner, ...(keys && { certificates: keys }) }
}

function readFloors(file: RetirementFile, notes: Notes): Policy['floor'] {
  const nothing = { version: 0, title: '' }
  const read = (name: 'now' | 'next') => {
    const entry = file.floor?.[name]
    if (entry) return readFloor(entry, ['floor', name], notes) ?? nothing
    notes.problem(
      file.floor ? ['floor', name] : ['floor'],
      `floor.${name} is missing`,
      name === 'now'
        ? 'say what is let in today, for example now: { version: TLS 1.0 }'
        : 'say what is let in after the cutoff, for example next: { version: TLS 1.2 }',
    )
    return nothing
  }
  const floors = { now: read('now'), next: read('next') }
  if (floors.next.version > 0 && floors.next.version < floors.now.version)
    notes.problem(
      ['floor', 'next', 'version'],
      `the next floor (${versionName(floors.next.version)}) is below the one of today (${versionName(floors.now.version)})`,
      'a retirement only raises the floor',
    )
  return floors
}

function readRamp(file: RetirementFile, notes: Notes): Policy['ramp'] {
  const steps = (file.ramp ?? []).flatMap((step, i) => {
    const atMs = instantAt(step.at, ['ramp', i, 'at'], notes)
    return atMs === undefined ? [] : [{ atMs, share: step.share, i }]
  })
  for (const [n, step] of steps.entries()) {
    const before = steps[n - 1]
    if (before === undefined) continue
    if (step.atMs <= before.atMs)
      notes.problem(
        ['ramp', step.i, 'at'],
        'steps of the ramp stand in order of time',
        `this one is not after ${utcMinute(before.atMs)}`,
      )
    else if (step.share < before.share)
      notes.problem(
        ['ramp', step.i, 'share'],
        `the share falls from ${before.share} to ${step.share}`,
        'a ramp only grows: who is in stays in',
      )
  }
  return steps.map(({ atMs, share }) => ({ atMs, share }))
}

function readFreeze(file: RetirementFile, notes: Notes): Policy['freeze'] {
  return (file.freeze ?? []).flatMap((entry, i) => {
    const fromMs = instantAt(entry.from, ['freeze', i, 'from'], notes)
    const toMs = instantAt(entry.to, ['freeze', i, 'to'], notes)
    if (fromMs === undefined || toMs === undefined) return []
    if (toMs <= fromMs) notes.problem(['freeze', i, 'to'], 'a freeze ends after it begins')
    return [{ fromMs, toMs }]
  })
}

function readExemptions(file: RetirementFile, notes: Notes): Exemption[] {
  return (file.exemptions ?? []).flatMap((entry, i): Exemption[] => {
    if (!isAccountId(entry.account))
      notes.problem(
        ['exemptions', i, 'account'],
        `${JSON.stringify(entry.account)} is no account id`,
        'letters, digits and . _ @ : - , at most 128',
      )
    const untilMs = instantAt(entry.until, ['exemptions', i, 'until'], notes)
    return untilMs === undefined
      ? []
      : [{ ...entry, untilMs } satisfies Exemption & { until: string }].map(({ until: _, ...rest }) => rest)
  })
}

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Fault } from '../../src/base/fault.ts'
import { answerFacts } from '../../src/host/facts.ts'
import { TLS_1_2, TLS_1_3 } from '../../src/model/version.ts'

interface Row {
  id: string
  certain: boolean
  expected: Record<string, unknown>
}

const rows: Row[] = JSON.parse(
  readFileSync(new URL('../../cases/host/facts/windows-tls-cases.json', import.meta.url), 'utf8'),
)

test.each(rows.map(row => [row.id, row] as const))('%s is answered as expected', (_, row) => {
  const answer = answerFacts(row, TLS_1_2) as unknown as Record<string, unknown>
  const picked = Object.fromEntries(Object.keys(row.expected).map(key => [key, answer[key]]))
  expect(picked).toEqual(row.expected)
  expect(answer.because).not.toBe('')
})

test('what the sources contest is flagged, what they agree on is not', () => {
  const flags = rows.map(row => [row.id, answerFacts(row, TLS_1_2).certain])
  expect(flags).toEqual(rows.map(row => [row.id, row.certain]))
  expect(rows.filter(row => !row.certain).length).toBeGreaterThan(10)
})

const bare = (os: string, more: object = {}, app: object = {}) => ({
  id: 'x',
  os,
  stack: 'winhttp',
  inputs: { app, ...more },
})

test('the floor is a parameter: Windows 10 reaches TLS 1.2 and breaks at TLS 1.3', () => {
  expect(answerFacts(bare('win10-22h2'), TLS_1_2).breaks).toBe('no')
  expect(answerFacts(bare('win10-22h2'), TLS_1_3).breaks).toBe('yes')
  expect(answerFacts(bare('win11-23h2'), TLS_1_3).breaks).toBe('no')
})

test('an unknown patch level leaves open what the update of 2022 decided', () => {
  expect(answerFacts(bare('ws2019'), TLS_1_2)).toMatchObject({
    tls: ['TLS1.2'],
    maybe: ['TLS1.0', 'TLS1.1'],
    certain: false,
  })
  expect(answerFacts(bare('ws2019', { patchLevel: '2022-09' }), TLS_1_2).certain).toBe(false)
  expect(answerFacts(bare('ws2019', { ubr: 3469 }), TLS_1_2)).toMatchObject({
    tls: ['TLS1.2'],
    certain: true,
  })
  expect(answerFacts(bare('ws2019', { ubr: 3400 }), TLS_1_2)).toMatchObject({
    certain: true,
    winhttpMask: 0xaa0,
  })
})

const winhttp = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\WinHttp'

test.each([
  ['win11-23h2', 0x800, 'W-DSP-DROPS-13'],
  ['ws2019', 0xa00, 'W-DSP-BRINGS-BACK'],
  ['win7-sp1', 0x800, 'W-DSP-INERT'],
  ['win10-22h2', 0, 'W-DSP-ZERO'],
  ['win10-22h2', '2048', 'W-WRONG-TYPE'],
])('on %s DefaultSecureProtocols %s raises %s', (os, value, code) => {
  const registry = { [winhttp]: { DefaultSecureProtocols: value } }
  const { warnings } = answerFacts(
    bare(os, { patchLevel: '2023-01', registry, ...(os === 'win7-sp1' ? { patchLevel: '2016-01' } : {}) }),
    TLS_1_2,
  )
  expect(warnings.map(warning => warning.code)).toContain(code)
})

const protocols = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols'

test('values without a role, of a wrong type, and TLS 1.3 keys on Windows 10 are pointed out', () => {
  const registry = {
    [`${protocols}\\TLS 1.2`]: { Enabled: 1 },
    [`${protocols}\\TLS 1.1\\Client`]: { Enabled: '0' },
    [`${protocols}\\TLS 1.3\\Client`]: { Enabled: 1 },
    'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\FipsAlgorithmPolicy': { Enabled: 1 },
  }
  const row = { ...bare('win10-22h2', { registry }), stack: 'schannel' }
  const codes = answerFacts(row, TLS_1_2).warnings.map(warning => warning.code)
  expect(codes).toEqual(
    expect.arrayContaining(['W-NO-ROLE', 'W-WRONG-TYPE', 'W-TLS13-UNSUPPORTED', 'W-FIPS']),
  )
})

test('a row that makes no sense names its field', () => {
  const wrong = (row: unknown) => {
    try {
      answerFacts(row, TLS_1_2)
    } catch (error) {
      return error instanceof Fault ? error.message : error
    }
    return 'nothing thrown'
  }
  expect(wrong({ os: 'win95', stack: 'winhttp' })).toBe('os names no known system: win95')
  expect(wrong({ os: 'win7-sp1', stack: 'gopher' })).toBe('no such stack: gopher')
  expect(wrong(bare('win7-sp1', { os_bits: 16 }))).toBe('os_bits: 32 or 64 is wanted')
  expect(wrong([])).toBe('the row: an object is wanted')
  expect(wrong({ os: 'win7-sp1', stack: 'dotnet', inputs: { app: { runtime: 'java' } } })).toBe(
    'runtime: one of netfx, net is wanted',
  )
})

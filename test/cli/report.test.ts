import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { runMain } from './run-main.ts'

const cases = fileURLToPath(new URL('../../cases/', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'tlsunset-report-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const nowMs = Date.UTC(2026, 10, 22)
const run = (...argv: string[]) => runMain(argv, { cwd: cases, nowMs })

describe('report from a log', () => {
  test('the sentence first, then who breaks and why, then what it rests on', async () => {
    const { exit, stdout } = await run('report', 'report/access.log')
    expect(exit).toBe(1)
    expect(stdout.split('\n')[0]).toBe(
      '1 of 2 accounts would break under TLS 1.2: 3 of 13 connections (23 %).',
    )
    const text = stdout.replace(/\s+/g, ' ')
    expect(text).toContain('breaks acme 3 of 8 connections (38 %)')
    expect(text).toContain('probably Java 6')
    expect(text).toContain('clear (1): globex')
    expect(text).toContain('accounts by the user of the log; say --accounts')
    expect(text).toMatch(/skipped 1 /)
    expect(text).toContain('blind spot handshakes that fail never reach the access log of nginx')
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
  })

  test('--by version --json counts versions for scripts', async () => {
    const { exit, stdout } = await run('report', '--by', 'version', '--json', 'report/access.log')
    expect(exit).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'nginx',
      observations: 13,
      by_version: { none: 1, 'TLS 1.0': 3, 'TLS 1.2': 5, 'TLS 1.3': 4 },
    })
    expect(Object.values(JSON.parse(stdout).skipped)).toEqual([1])
  })

  test('another floor, and other accounts', async () => {
    const everyone = await run('report', '--json', '--floor', 'TLS 1.0', 'report/access.log')
    expect(everyone.exit).toBe(0)
    const addresses = await run('report', '--json', '--accounts', 'address', 'report/access.log')
    const found = JSON.parse(addresses.stdout)
    expect(found.accounts_by).toBe('by client address')
    expect(found.accounts[0]).toMatchObject({ account: '192.0.2.10', verdict: 'breaks', connections: 3 })
  })

  test('a retirement file brings floor, cutoff and exemptions', async () => {
    const { stdout } = await run('report', '--json', '-c', 'report/retirement.yaml', 'report/access.log')
    expect(JSON.parse(stdout)).toMatchObject({
      retirement: 'api-tls-1.0-1.1',
      floor: 'TLS 1.2',
      cutoff: '2027-03-31T00:00:00.000Z',
      accounts: [{ account: 'acme', exempt_until: '2027-06-30T00:00:00.000Z' }, {}, {}],
    })
  })
})

describe('report from captures', () => {
  const capture = (name: string) => `captures/own/${name}.pcap`

  test('hellos are judged, stacks named, remedies given', async () => {
    const { exit, stdout } = await run(
      'report',
      '--json',
      '--by',
      'stack',
      capture('java17-tls10'),
      capture('mosquitto'),
    )
    expect(exit).toBe(1)
    const found = JSON.parse(stdout)
    expect(found.sources).toEqual(['capture'])
    expect(found.by_stack).toContainEqual(expect.objectContaining({ id: 'java-11', remedy: 'java-pinned' }))
    expect(found.by_stack).toContainEqual(
      expect.objectContaining({ id: 'openssl-3', would_break: 0, remedy: null }),
    )
  })

  test('the second hello of a retry is not a client of the lower version', async () => {
    const { stdout } = await run('report', '--json', 'report/wininet-retry.pcap')
    const found = JSON.parse(stdout)
    expect(found.offered).toEqual({ 'TLS 1.0': 1, 'TLS 1.1': 1 })
    expect(found.accounts[0]).toMatchObject({ connections: 2, would_break: 1 })
    expect(found.accounts[0].because).toContain('at most TLS 1.1')
  })
})

describe('what cannot be answered is said', () => {
  test('no such file, no such store, not a log, a floor that is none', async () => {
    expect(await run('report', 'report/nothing.log')).toMatchObject({ exit: 3, stdout: '' })
    expect(await run('report', '--store', join(scratch, 'nowhere'))).toMatchObject({ exit: 3 })
    expect(await run('report', 'report/PROVENANCE.md')).toMatchObject({ exit: 3, stdout: '' })
    const floor = await run('report', '--floor', 'TLS 1.2, suites intermediat', 'report/access.log')
    expect(floor.exit).toBe(2)
    expect(floor.stderr).toContain('did you mean intermediate')
    const preset = await run('report', '--floor', 'no-cbs', 'report/access.log')
    expect(preset.exit).toBe(2)
    expect(preset.stderr).toContain('did you mean no-cbc')
    expect(await run('report', '--accounts', 'nobody', 'report/access.log')).toMatchObject({ exit: 2 })
  })

  test('nothing seen is not success', async () => {
    const { exit, stdout } = await run('report', '--store', ':memory:')
    expect(exit).toBe(6)
    expect(stdout).toContain('Nothing was seen')
  })
})

describe('account', () => {
  test('clients, evidence and the remedy', async () => {
    const { exit, stdout } = await run('account', 'ACME', 'report/access.log')
    expect(exit).toBe(1)
    expect(stdout).toContain('acme: breaks')
    expect(stdout).toContain('1. probably Java 6 breaks (version)')
    expect(stdout).toContain('Java 6: move to Java 8 or newer')
    const { stdout: json } = await run('account', '--json', 'acme', 'report/access.log')
    expect(JSON.parse(json)).toMatchObject({
      account: 'acme',
      clients: [{ breaks: 'version', stack: { id: 'java-6' } }, { breaks: null }],
      remedies: [{ id: 'java-6' }],
    })
  })

  test('a name that was not seen, with the one that was meant', async () => {
    expect(await run('account', 'amce', 'report/access.log')).toMatchObject({
      exit: 6,
      stderr: 'tlsunset: error: no such account was seen: amce\ntlsunset: hint: tlsunset account acme\n',
    })
  })
})

describe('what-if', () => {
  const captures = ['java17-tls10', 'ossl-ecdsa', 'mosquitto'].map(name => `captures/own/${name}.pcap`)

  test('several floors over the same hellos', async () => {
    const { exit, stdout } = await run(
      'what-if',
      '--json',
      '--floor',
      'TLS 1.0',
      '--floor',
      'TLS 1.2',
      '--floor',
      'pqc',
      ...captures,
    )
    expect(exit).toBe(1)
    const { floors } = JSON.parse(stdout)
    expect(floors.map((floor: { floor: string }) => floor.floor)).toHaveLength(3)
    expect(floors[0].would_break).toBe(0)
    expect(floors[1].would_break).toBeGreaterThan(0)
    expect(floors[2].would_break).toBe(floors[2].connections)
    expect(floors[2].clauses.map((entry: { clause: string }) => entry.clause)).toContain('group')
  })

  test('--diff tells whom the second floor adds', async () => {
    const { stdout } = await run(
      'what-if',
      '--diff',
      '--json',
      '--accounts',
      'address',
      '--floor',
      'TLS 1.0',
      '--floor',
      'TLS 1.2',
      'report/access.log',
    )
    const { diff } = JSON.parse(stdout)
    expect(diff.added.map((entry: { account: string }) => entry.account)).toEqual(['192.0.2.10'])
    expect(diff.removed).toEqual([])
    expect(await run('what-if', '--diff', '--floor', 'TLS 1.2', 'report/access.log')).toMatchObject({
      exit: 2,
    })
  })
})

describe('forecast', () => {
  test('one day of log: nobody counts as stopped, and no trend is made up', async () => {
    const { exit, stdout } = await run('forecast', 'report/access.log')
    expect(exit).toBe(1)
    const text = stdout.replace(/\s+/g, ' ')
    expect(text).toContain('No go: 1 account is left; agreed: 0 accounts at most, each clean for 2 cycles.')
    expect(text).toContain('Too few days for a trend (1).')
    expect(text).toContain('acme Java 6 2026-11-20 seen on one day: no rhythm yet')
  })

  test('an account that is exempt past the cutoff does not stop a go', async () => {
    const { exit, stdout } = await run(
      'forecast',
      '--json',
      '-c',
      'report/retirement.yaml',
      'report/access.log',
    )
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      decision: { go: true },
      remaining: [],
      exempt: [{ account: 'acme', stacks: [{ rhythm: 'once', clean_cycles: 0 }] }],
    })
  })
})

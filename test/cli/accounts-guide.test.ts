import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { builtInJunk } from '../../src/model/junk/rules.ts'
import { runMain } from './run-main.ts'

const cwd = fileURLToPath(new URL('../../cases/guide/accounts/', import.meta.url))
const guide = readFileSync(new URL('../../docs/guides/accounts.md', import.meta.url), 'utf8')
const nowMs = Date.UTC(2026, 10, 8)
const run = (...argv: string[]) => runMain(argv, { cwd, nowMs })
const work = mkdtempSync(join(tmpdir(), 'tlsunset-accounts-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** What the guide says that commands print, in order. */
const printed = [...guide.matchAll(/```text\n(.*?)```/gs)].map(match => match[1]!)

describe('docs/guides/accounts.md', () => {
  test('shows what report prints', async () => {
    const { exit, stdout } = await run('report', '-c', 'retirement.yaml', 'access.log')
    expect(exit).toBe(1)
    expect(stdout).toContain(printed[0])
  })

  test('lists the built-in rules and quotes the files', () => {
    for (const { name } of builtInJunk) expect(guide).toContain(`| \`${name}\` |`)
    const accounts = /accounts:\n.*?(?=\nfloor)/s.exec(readFileSync(join(cwd, 'retirement.yaml'), 'utf8'))![0]
    expect(guide).toContain(accounts)
  })
})

test('from the store: the same numbers, who set apart what, and the way back', async () => {
  const store = join(work, 'store')
  expect((await run('ingest', '-c', 'retirement.yaml', '--store', store, 'access.log')).exit).toBe(0)
  const report = JSON.parse((await run('report', '-c', 'retirement.yaml', '--store', store, '--json')).stdout)
  expect(report.totals).toMatchObject({ accounts: 3, connections: 130, would_break: 32 })
  expect(report.attribution).toEqual([
    { by: 'tenant header', confidence: 'likely', connections: 33, accounts: 1 },
    { by: 'address', confidence: 'likely', connections: 32, accounts: 1 },
    { by: 'sni', confidence: 'certain', connections: 32, accounts: 1 },
    { by: '', confidence: 'none', connections: 33, accounts: 0 },
  ])
  expect(report.junk.map((entry: Record<string, unknown>) => [entry.rule, entry.connections])).toEqual([
    ['our own tests', 32],
    ['scanner', 33],
    ['monitor', 33],
    ['crawler', 32],
  ])
  expect(report.coverage).toMatchObject([
    { source: 'nginx', silent: false, gaps: [{ expected_connections: 28 }] },
  ])
  expect(report.accounts.find((entry: { account: string }) => entry.account === 'contoso').because).toMatch(
    /; but its sources delivered nothing for 14 h$/,
  )

  const all = await run('report', '-c', 'retirement.yaml', '--with-junk', '--store', store)
  expect(all.stdout).toContain(printed[1])
  expect(all.stdout).not.toContain('set apart')
  // Without the file its own rule does not act: that traffic is back, stored all the time.
  const other = JSON.parse((await run('what-if', '--floor', 'TLS 1.2', '--store', store, '--json')).stdout)
  expect(other.floors[0].connections).toBe(162)
  const audit = await run(
    'audit',
    '--account',
    '(unattributed)',
    '--store',
    store,
    '--json',
    '-c',
    'retirement.yaml',
  )
  const lines = audit.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(audit.exit).toBe(0)
  expect(audit.stderr).toContain('98 connections set apart as junk')
  expect(new Set(lines.map(line => line.junk))).toEqual(new Set([null, 'scanner', 'monitor', 'crawler']))
  expect(lines.filter(line => line.junk !== null).every(line => line.verdict === 'none')).toBe(true)
})

test('a source that has gone silent is no good answer', async () => {
  const { exit, stdout } = await run(
    'report',
    '--accounts',
    '{account}.api.example.com',
    '--to',
    '2026-11-20',
    '--floor',
    'TLS 1.0',
    'access.log',
  )
  expect(exit).toBe(6)
  expect(stdout).toContain('But nginx has gone silent: no data is not no legacy.')
})

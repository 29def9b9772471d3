import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type SecureVersion } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { dayMs } from '../../src/base/time.ts'
import { stackNamer } from '../../src/identify/stacks/name.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { demoCertificates } from '../../src/server/demo/certificate.ts'
import { historyDays, writeHistory } from '../../src/server/demo/history.ts'
import { startService } from '../../src/server/demo/service.ts'
import { demoAccounts, demoRetirement, demoTimes, exemptAccount } from '../../src/server/demo/story.ts'
import { judgement } from '../../src/server/judgement.ts'
import { collectOnce } from '../../src/store/collect.ts'
import { helloShapes } from '../../src/store/hellos.ts'
import { openStore } from '../../src/store/store.ts'
import { usageRows } from '../../src/store/usage.ts'

const nowMs = Date.UTC(2026, 10, 22, 20, 15)
const folder = mkdtempSync(join(tmpdir(), 'tlsunset-demo-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the certificates are valid for their names, and real clients of every version take them', async () => {
  const certificates = demoCertificates(
    ['contoso.westeurope.batch.example', 'localhost', '127.0.0.1'],
    Date.now(),
  )
  const [ca, leaf] = [new X509Certificate(certificates.ca), new X509Certificate(certificates.certificate)]
  expect(ca.ca).toBe(true)
  expect(ca.checkIssued(ca)).toBe(true)
  expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true)
  expect(leaf.checkHost('contoso.westeurope.batch.example')).toBeDefined()
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1')
  const service = await startService(certificates)
  const versions: SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']
  const agreed = await Promise.all(
    versions.map(
      version =>
        new Promise((resolve, reject) => {
          const socket = connect(
            {
              host: '127.0.0.1',
              port: service.port,
              servername: 'contoso.westeurope.batch.example',
              ca: certificates.ca,
              minVersion: version,
              maxVersion: version,
              ciphers: 'DEFAULT:@SECLEVEL=0',
            },
            () => {
              resolve(socket.getProtocol())
              socket.destroy()
            },
          )
          socket.once('error', reject)
        }),
    ),
  )
  service.close()
  expect(agreed).toEqual(versions)
})

test('the retirement of the demonstration is valid, and its times are those that the panel tells', () => {
  const read = readRetirement(demoRetirement(nowMs, 1234, 5678), { nowMs })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  expect(read.warnings).toEqual([])
  expect(read.policy.brownouts).toMatchObject([
    { fromMs: nowMs + demoTimes.brownoutFrom * 1000, toMs: nowMs + demoTimes.brownoutTo * 1000 },
  ])
  expect(read.policy.cutoffMs).toBe(nowMs + demoTimes.cutoff * 1000)
  expect(read.policy.exemptions.map(exemption => exemption.account)).toEqual([exemptAccount])
})

test('the made-up history goes the way of all observations, and burns down to those who are left', async () => {
  const spool = join(folder, 'spool')
  writeHistory(spool, nowMs)
  const store = await openStore({ kind: 'memory' })
  try {
    const taken = await collectOnce(store, spool)
    expect(taken.skipped).toBe(0)
    expect(taken.observations).toBeGreaterThan(1000)
    const window = { fromMs: nowMs - 60 * dayMs, toMs: nowMs }
    const rows = await usageRows(store.db, window)
    const shapes = await helloShapes(store.db)
    const read = readRetirement(demoRetirement(nowMs, 1234, 5678), { nowMs })
    if (!read.ok) throw new Error('not valid')
    const found = await judgement(
      read.policy,
      {
        rows,
        shapes: new Map(shapes.map(shape => [shape.id, shape])),
        window,
        blind: {},
        known: [],
        skipped: {},
      },
      stackNamer(),
    )
    const left = found.report().accounts.filter(account => account.verdict === 'breaks')
    expect(left.map(account => account.account).sort()).toEqual([
      'contoso',
      'fabrikam',
      'northwind',
      'tailspin',
      'wingtip',
      'woodgrove',
    ])
    // Whoever is left and connects today is among those that the clients of the demonstration play.
    const played = demoAccounts.filter(({ clients }) => clients.some(({ highest }) => highest < 'TLSv1.2'))
    expect(left.map(account => account.account)).toEqual(
      expect.arrayContaining(played.map(({ account }) => account)),
    )
    const counts = (await found.days()).map(day => day.accountsThatBreak)
    expect(counts).toHaveLength(historyDays + 1)
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect([counts[0], counts.at(-1)]).toEqual([18, 6])
  } finally {
    await store.close()
  }
})

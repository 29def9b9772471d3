import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Fault } from '../../src/base/fault.ts'
import type { Outcome } from '../../src/model/observation.ts'
import type { Offer } from '../../src/model/offer.ts'
import type { HelloShape } from '../../src/model/usage.ts'
import { isWriterAlive } from '../../src/spool/alive.ts'
import { rowFragment } from '../../src/spool/line.ts'
import { parseSegment, readSegment, readySegments, type Segment, sealDead } from '../../src/spool/segment.ts'
import {
  type OpenConnection,
  openSpool,
  type SpoolHealth,
  type SpoolOptions,
  type SpoolWriter,
} from '../../src/spool/writer.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-spool-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const origin = { service: '*.example.net', source: 'gateway' }
const spoolIn = (more: Partial<SpoolOptions> = {}) =>
  openSpool({ dir, writer: 'gateway.1', origin, sealAfterMs: 60_000, ...more })

const offer: Offer = {
  format: 'tls',
  recordVersion: 0x0301,
  legacyVersion: 0x0303,
  supportedVersions: [0x0304, 0x0303],
  suites: [0x1301, 0xc02f],
  sslv2Specs: [],
  compression: [0],
  extensions: [0, 43],
  withoutExtensions: false,
  sni: null,
  groups: [29],
  pointFormats: [0],
  signatureSchemes: [0x0403],
  signatureSchemesCert: [],
  alpn: ['h2', '"\\'],
  keyShareGroups: [29],
  pskModes: [1],
  offersPsk: false,
  extendedMasterSecret: true,
  sessionTicket: false,
  ech: false,
}
const shape = (id: string): HelloShape => ({ id, offer, ja3: 'a', ja4: 'b', ja4r: 'c' })
const fragmentOf = (shapeId: string, account = 'contoso') =>
  rowFragment({
    ...origin,
    account,
    attributedBy: 'sni',
    confidence: 'certain',
    sni: `${account}.example.net`,
    shape: shapeId,
    offeredMax: 0x0304,
    breaks: '',
    operation: '',
    userAgent: '',
    count: 1,
  })
const results = {
  accepted: { outcome: 'accepted', reason: '', negotiated: 0x0304, suite: 0x1301, group: 29 },
  refused: { outcome: 'refused', reason: 'version', negotiated: 0, suite: 0, group: 0 },
  failed: { outcome: 'failed', reason: 'client-closed', negotiated: 0, suite: 0, group: 0 },
} as const

const accept = (spool: SpoolWriter, atMs: number, address: string) =>
  Object.assign(spool.opened(atMs), { address })

const everything = (): Segment[] => readySegments(dir).map(found => readSegment(found.path))
const openFile = () => readdirSync(dir).find(file => file.endsWith('.open'))!

test('what is written is read, with the shape before the first row that names it', () => {
  const spool = spoolIn()
  const one = accept(spool, 1000, '192.0.2.7')
  const two = accept(spool, 1001, '2001:db8::1')
  const line = shape('0123456789abcdef')
  spool.decided(one, results.accepted, line, fragmentOf(line.id))
  spool.decided(two, results.refused, line, fragmentOf(line.id, 'ümläut "quoted"\n'))
  spool.close()

  const [segment, ...others] = everything()
  expect(others).toEqual([])
  expect(segment!.hellos).toEqual([line])
  expect(segment!.rows).toMatchObject([
    { atMs: 1000, address: '192.0.2.7', outcome: 'accepted', negotiated: 0x0304, account: 'contoso' },
    {
      atMs: 1001,
      address: '2001:db8::1',
      outcome: 'refused',
      reason: 'version',
      account: 'ümläut "quoted"\n',
    },
  ])
  expect(segment).toMatchObject({ origin, pending: [], bad: [], cutLine: false })
})

test('a line is in the file when the call returns', () => {
  const spool = spoolIn()
  const one = accept(spool, 1, '192.0.2.7')
  expect(readSegment(join(dir, openFile())).pending).toEqual([{ id: 1, atMs: 1, address: '' }])
  spool.decided(one, results.accepted, null, fragmentOf(''))
  expect(readSegment(join(dir, openFile()))).toMatchObject({ pending: [], rows: [{ outcome: 'accepted' }] })
  spool.close()
})

test('a rotation carries pending connections, so every segment stands for itself', async () => {
  const spool = spoolIn({ sealBytes: 4000 })
  const early = accept(spool, 1, '192.0.2.1')
  for (let i = 0; i < 40; i++)
    spool.decided(accept(spool, 2 + i, '192.0.2.2'), results.accepted, shape('s1'), fragmentOf('s1'))
  spool.decided(early, results.failed, null, fragmentOf(''))
  spool.close()

  const segments = everything()
  expect(segments.length).toBeGreaterThan(3)
  expect(segments.flatMap(segment => segment.rows)).toHaveLength(41)
  for (const segment of segments.slice(0, -1)) expect(segment.pending[0]?.id).toBe(1)
  for (const segment of segments) {
    if (segment.rows.some(row => row.shape === 's1')) expect(segment.hellos).toHaveLength(1)
    expect(segment.bad).toEqual([])
  }
  expect(segments.at(-1)!.pending).toEqual([])
})

test('an old segment is sealed without further traffic, and an idle spool writes none', async () => {
  vi.useFakeTimers()
  try {
    const spool = spoolIn({ sealAfterMs: 1000 })
    spool.decided(accept(spool, 1, '192.0.2.1'), results.accepted, null, fragmentOf(''))
    vi.advanceTimersByTime(1100)
    vi.useRealTimers()
    await vi.waitFor(() => expect(readySegments(dir)).toHaveLength(1))
    spool.close()
    expect(readdirSync(dir)).toHaveLength(1)
  } finally {
    vi.useRealTimers()
  }
})

test('any byte prefix of a segment reads as a prefix of its rows, and sealing it settles the rest', () => {
  const spool = spoolIn()
  const open: OpenConnection[] = []
  for (let i = 0; i < 12; i++) open.push(accept(spool, i, '192.0.2.1'))
  const order: Outcome[] = ['accepted', 'refused', 'failed']
  for (const [i, one] of open.slice(0, 9).entries())
    spool.decided(one, results[order[i % 3]!], shape(`s${i % 2}`), fragmentOf(`s${i % 2}`))
  const file = openFile()
  const bytes = readFileSync(join(dir, file))
  spool.close()
  const whole = parseSegment(bytes)
  expect(whole.rows).toHaveLength(9)

  fc.assert(
    fc.property(fc.nat(bytes.length), cut => {
      const part = bytes.subarray(0, cut)
      const read = parseSegment(part)
      expect(read.rows).toEqual(whole.rows.slice(0, read.rows.length))
      expect(read.bad).toEqual([])
      expect(read.cutLine).toBe(cut > 0 && part[cut - 1] !== 0x0a)

      rmSync(dir, { recursive: true, force: true })
      dir = mkdtempSync(join(tmpdir(), 'tlsunset-spool-'))
      writeFileSync(join(dir, file), part)
      const { sealed, lost } = sealDead(dir, () => false)
      expect(sealed).toEqual([file.replace('.open', '')])
      expect(lost).toBe(read.pending.length)
      const settled = everything()[0]!
      expect(settled.rows.slice(0, read.rows.length)).toEqual(read.rows)
      expect(settled.rows.slice(read.rows.length).map(row => [row.atMs, row.outcome, row.reason])).toEqual(
        read.pending.map(opened => [opened.atMs, 'failed', 'worker-lost']),
      )
      expect(settled).toMatchObject({ pending: [], cutLine: false, bad: [] })
    }),
    { numRuns: 300 },
  )
})

test('sealing that is itself cut short may be repeated: nobody is counted twice', () => {
  const spool = spoolIn()
  for (let i = 0; i < 5; i++) accept(spool, i, '192.0.2.1')
  const file = join(dir, openFile())
  sealDead(dir, () => false)
  const ready = file.replace('.open', '.ready')
  const sealedBytes = readFileSync(ready)
  for (const cut of [sealedBytes.length, sealedBytes.length - 1, sealedBytes.length - 300]) {
    renameSync(ready, file)
    writeFileSync(file, sealedBytes.subarray(0, cut))
    sealDead(dir, () => false)
    expect(readSegment(ready).rows.map(row => row.atMs)).toEqual([0, 1, 2, 3, 4])
  }
})

test('a writer that died between opening the next segment and sealing the old one loses nobody and doubles nobody', () => {
  const spool = spoolIn()
  const first = accept(spool, 1, '192.0.2.1')
  accept(spool, 2, '192.0.2.1')
  const old = openFile()
  const oldBytes = readFileSync(join(dir, old))
  spool.decided(first, results.accepted, null, fragmentOf(''))
  const later = readFileSync(join(dir, old))
  const next = old.replace('-1.open', '-2.open')

  // The old one holds the outcome of one connection; the new one, carried before that, repeats both.
  writeFileSync(join(dir, next), oldBytes)
  writeFileSync(join(dir, old), later)
  expect(sealDead(dir, () => false).lost).toBe(1)
  const rows = everything().flatMap(segment => segment.rows)
  expect(rows.map(row => [row.atMs, row.outcome])).toEqual([
    [1, 'accepted'],
    [2, 'failed'],
  ])
})

test('segments of living writers are left alone', () => {
  const spool = spoolIn()
  accept(spool, 1, '192.0.2.1')
  expect(sealDead(dir, isWriterAlive)).toEqual({ sealed: [], lost: 0 })
  spool.close()
  expect(readdirSync(dir)).toHaveLength(1)
  expect(isWriterAlive({ pid: 2 ** 30, startMs: Date.now() })).toBe(false)
})

const hasProc = existsSync('/proc/self/stat')
test.skipIf(!hasProc)(
  `a pid that now belongs to a younger process is not the writer${hasProc ? '' : ' (skipped: no /proc)'}`,
  async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    try {
      await once(child, 'spawn')
      expect(isWriterAlive({ pid: child.pid!, startMs: Date.now() })).toBe(true)
      expect(isWriterAlive({ pid: child.pid!, startMs: Date.now() - 60_000 })).toBe(false)
    } finally {
      child.kill('SIGKILL')
    }
  },
)

test('any bytes give an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), bytes => {
      const read = parseSegment(bytes)
      expect(read.rows).toEqual([])
    }),
  )
  const odd = Buffer.from('{"k":"r","id":1}\n[]\nnull\n{"k":"o","id":-1,"at_ms":1,"address":""}\n{"k":"h"}\n')
  expect(parseSegment(odd).bad).toEqual([1, 2, 3, 4, 5])
})

test('a directory that cannot be written says so at the start', () => {
  writeFileSync(join(dir, 'file'), '')
  expect(() => openSpool({ dir: join(dir, 'file', 'spool'), writer: 'w', origin })).toThrow(Fault)
})

const small = mkdtempSync(join(tmpdir(), 'tlsunset-small-'))
const canMount =
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', small]).status === 0
if (canMount) spawnSync('umount', [small])
rmSync(small, { recursive: true, force: true })

test.skipIf(!canMount)(
  `a full disk: rows wait, then are counted, and both reach the spool when space returns${canMount ? '' : ' (skipped: cannot mount tmpfs)'}`,
  async () => {
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', dir]).status).toBe(0)
    try {
      const heard: SpoolHealth[] = []
      const filler = join(dir, 'filler')
      const spool = spoolIn({ waitingBytes: 40_000, onTrouble: health => heard.push(health) })
      const made = { accepted: 0, refused: 0, failed: 0 }
      const order: Outcome[] = ['accepted', 'refused', 'failed']
      const connect = (count: number) => {
        for (let i = 0; i < count; i++) {
          const outcome = order[i % 3]!
          made[outcome]++
          spool.decided(accept(spool, i, '192.0.2.1'), results[outcome], shape('s1'), fragmentOf('s1'))
        }
      }
      connect(10)
      expect(() => writeFileSync(filler, Buffer.alloc(1 << 20))).toThrow(/ENOSPC/)
      connect(200)
      const health = spool.health()
      expect((health.error as NodeJS.ErrnoException).code).toBe('ENOSPC')
      expect(health.waitingRows).toBeGreaterThan(10)
      expect(health.waitingBytes).toBeLessThanOrEqual(41_000)
      const given = health.dropped.accepted + health.dropped.refused + health.dropped.failed
      expect(given).toBeGreaterThan(10)
      expect(heard.length).toBeGreaterThan(0)
      expect(readSegment(join(dir, openFile())).cutLine).toBe(false)

      rmSync(filler)
      await vi.waitFor(() => expect(spool.health().error).toBe(null), { timeout: 5000 })
      expect(heard.at(-1)!.error).toBe(null)
      connect(5)
      spool.close()

      const segments = everything()
      const count = { accepted: 0, refused: 0, failed: 0 }
      for (const segment of segments) {
        expect(segment.bad).toEqual([])
        for (const row of segment.rows) count[row.outcome]++
        for (const outcome of order) count[outcome] += segment.dropped[outcome]
      }
      expect(count).toEqual(made)
    } finally {
      spawnSync('umount', ['-l', dir])
    }
  },
)

test('a spool directory that goes away is trouble, not a crash', () => {
  const spool = spoolIn()
  const heard: SpoolHealth[] = []
  const other = openSpool({ dir, writer: 'w2', origin, onTrouble: health => heard.push(health) })
  rmSync(dir, { recursive: true })
  writeFileSync(dir, '')
  chmodSync(dir, 0o400)
  accept(other, 1, '192.0.2.1')
  other.seal()
  expect(heard).toHaveLength(1)
  expect(other.health().pending).toBe(1)
  other.close()
  spool.close()
})

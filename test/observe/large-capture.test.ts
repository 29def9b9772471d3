import { spawn, spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ipv4Tcp, pcap } from './frames.ts'

const cli = fileURLToPath(new URL('../../bin/tlsunset.js', import.meta.url))
const captures = fileURLToPath(new URL('../../cases/captures/own/', import.meta.url))
/** Loss, order, fragments, extension headers, frames that were cut: what makes a capture hard. */
const hard = [
  'ip4-fragments',
  'ip6-exthdr',
  'tcp-reordered',
  'tcp-midstream-no-syn',
  'snaplen-200',
  'ossl-tls10',
  'gnutls-tls10',
]

let folder = ''
let large = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tlsunset-large-'))
  large = join(folder, 'large.pcap')
  writeCapture(large, 2 ** 26)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The packets of a little-endian capture of Ethernet. */
function packetsOf(name: string): Buffer[] {
  const bytes = readFileSync(`${captures}${name}.pcap`)
  const found: Buffer[] = []
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8))
    found.push(bytes.subarray(at + 16 + 14, at + 16 + bytes.readUInt32LE(at + 8)))
  return found
}

/** The same packets between other addresses: connections that were not there before. */
function elsewhere(packets: readonly Buffer[], where: number): Buffer {
  const moved = packets.map(packet => {
    const copy = Buffer.from(packet)
    for (const at of copy[0]! >> 4 === 4 ? [13, 17] : [12, 28]) copy[at] = copy[at]! ^ where
    return copy
  })
  return Buffer.from(pcap(moved)).subarray(24)
}

/** At least so many bytes of the smallest segments, with real traffic between them at ever other places. */
function writeCapture(path: string, leastBytes: number): void {
  const tiny = {
    src: '192.0.2.8',
    sport: 1000,
    dst: '192.0.2.9',
    dport: 9000,
    seq: 1,
    payload: Uint8Array.of(7),
  }
  const smallest = pcap([ipv4Tcp(tiny)]).subarray(24)
  const filler = Buffer.concat(new Array<Uint8Array>(20_000).fill(smallest))
  const real = hard.map(packetsOf)
  const file = openSync(path, 'w')
  writeSync(file, pcap([]))
  for (let size = 0, i = 0; size < leastBytes; i++) {
    const some = filler.subarray(0, smallest.length * (10_000 + ((i * 7919) % 10_000)))
    size += writeSync(file, elsewhere(real[i % real.length]!, i & 255)) + writeSync(file, some)
  }
  closeSync(file)
}

test('a large file, whose frames a second thread takes apart, tells the same as a stream', () => {
  const stream = openSync(large, 'r')
  const told = [large, '-'].map(name => {
    const done = spawnSync(process.execPath, [cli, 'hello', '--json', name], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: [stream, 'pipe', 'pipe'],
    })
    const lines = done.stdout.split('\n').filter(Boolean)
    return { status: done.status, lines: lines.map(line => ({ ...JSON.parse(line), file: '' })) }
  })
  closeSync(stream)
  expect(told[0]).toEqual(told[1])
  expect(told[0]!.status).toBe(0)
  expect(told[0]!.lines.filter(({ kind }) => kind === 'client_hello').length).toBeGreaterThan(hard.length)
})

test('a large file that breaks off is read to there', () => {
  const path = join(folder, 'broken.pcap')
  copyFileSync(large, path)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, 2 ** 25)
  closeSync(file)
  const done = spawnSync(process.execPath, [cli, 'hello', '--json', path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  expect(done.status).toBe(3)
  expect(done.stderr).toMatch(/broken\.pcap is broken at offset \d+: wanted a frame of at most 262144 bytes/)
  expect(done.stderr).toMatch(/packets before it were read/)
})

test('a pipe is opened once, and read', () => {
  const pipe = join(folder, 'pipe')
  if (spawnSync('mkfifo', [pipe]).status !== 0) return
  // Many times what a pipe holds, with each kind of real traffic in it.
  const path = join(folder, 'piped.pcap')
  writeCapture(path, 2 ** 23)
  spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', path, pipe])
  const done = spawnSync(process.execPath, [cli, 'hello', '--json', pipe], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 60_000,
  })
  expect(done.status).toBe(0)
  expect(done.stdout.match(/"kind":"client_hello"/g)!.length).toBeGreaterThan(hard.length)
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startGateway } from '../../src/enforce/gateway/supervisor.ts'
import { parseLine } from '../../src/spool/line.ts'
import { readSegment } from '../../src/spool/segment.ts'
import { atEnd, hello, past, policyFor, scratch, startAnswering } from './setup.ts'

const built = fileURLToPath(new URL('../../dist/enforce/gateway/worker-main.js', import.meta.url))
const skipped = existsSync(built) ? '' : ' (skipped: not built)'
const connections = 2000
const atOnce = 40
const kills = [500, 1000, 1500]

/** What the client saw: the first byte of an answer, or none before the end. */
type Seen = 'answered' | 'refused' | 'nothing'

function visit(port: number, bytes: Uint8Array): Promise<Seen | 'not connected'> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    let isConnected = false
    socket.on('connect', () => {
      isConnected = true
      socket.write(bytes)
    })
    socket.once('data', part => {
      resolve(part[0] === 22 ? 'answered' : 'refused')
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(isConnected ? 'nothing' : 'not connected'))
  })
}

test.skipIf(skipped !== '')(
  `kill -9 of workers under load: every connection that was made has exactly one outcome${skipped}`,
  async () => {
    const upstream = await startAnswering()
    const spoolDir = scratch()
    const policy = policyFor(upstream.port, { cutoff: past, workers: 2 })
    const gateway = await startGateway({ policy, spoolDir })
    let stopped: Promise<void> | undefined
    const stop = () => (stopped ??= gateway.stop())
    atEnd(stop)

    const hellos = ['openssl-3.0', 'openssl-3.0-tls10', 'sslv2-framing-tls10', 'chromium-mlkem'].map(hello)
    const seen = { answered: 0, refused: 0, nothing: 0, 'not connected': 0 }
    let started = 0
    const killed: number[] = []
    const one = async () => {
      while (started < connections) {
        const number = started++
        if (kills.includes(number)) {
          const { workers } = await gateway.health()
          const victim =
            workers.filter(worker => worker.up)[killed.length % 2] ?? workers.find(worker => worker.up)!
          process.kill(victim.pid, 'SIGKILL')
          killed.push(victim.pid)
        }
        seen[await visit(gateway.address.port, hellos[number % hellos.length]!)]++
      }
    }
    await Promise.all(Array.from({ length: atOnce }, one))
    const { lost } = await gateway.health()
    await stop()

    expect(killed).toHaveLength(kills.length)
    // The supervisor holds the socket: nobody is turned away while a worker is missing.
    expect(seen['not connected']).toBe(0)

    const segments = readdirSync(spoolDir)
    expect(segments.filter(file => !file.endsWith('.ready'))).toEqual([])
    const rows = segments.flatMap(file => readSegment(join(spoolDir, file)).rows)
    const made = connections - seen['not connected']
    // A worker that dies between accept(2) and write(2) leaves that one connection without a trace; its client saw nothing but the end.
    const untold = made - rows.length
    expect(untold).toBeGreaterThanOrEqual(0)
    expect(untold).toBeLessThanOrEqual(kills.length)
    expect(untold).toBeLessThanOrEqual(seen.nothing)
    expect(rows.filter(row => row.reason === 'worker-lost')).toHaveLength(lost)

    const outcomes = { accepted: 0, refused: 0, failed: 0 }
    for (const row of rows) outcomes[row.outcome]++
    // Whatever is journalled before it is done may have been cut short, never the other way round.
    expect(outcomes.refused).toBeGreaterThanOrEqual(seen.refused)
    expect(outcomes.accepted + lost).toBeGreaterThanOrEqual(seen.answered)
    expect(outcomes.failed + untold).toBeLessThanOrEqual(seen.nothing + kills.length)

    const ids = segments.flatMap(file =>
      readFileSync(join(spoolDir, file), 'utf8')
        .split('\n')
        .map(parseLine)
        .flatMap(line => (line?.k === 'r' ? [`${file.replace(/-\d+\.ready$/, '')}.${line.id}`] : [])),
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe(rows.length)
  },
  60_000,
)

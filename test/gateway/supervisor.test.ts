import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import {
  type GatewayOptions,
  type GatewayProcesses,
  startGateway,
} from '../../src/enforce/gateway/supervisor.ts'
import { runGatewayWorker } from '../../src/enforce/gateway/worker.ts'
import {
  atEnd,
  dial,
  hello,
  past,
  policyFor,
  retirementText,
  scratch,
  segmentsOf,
  startAnswering,
} from './setup.ts'

const built = fileURLToPath(new URL('../../dist/enforce/gateway/worker-main.js', import.meta.url))
const skipped = existsSync(built) ? '' : ' (skipped: not built)'
const processTest = test.skipIf(skipped !== '')

async function start(policy: GatewayOptions['policy'], more: Partial<GatewayOptions> = {}) {
  const spoolDir = scratch()
  const troubles: string[] = []
  const gateway = await startGateway({ policy, spoolDir, onTrouble: text => troubles.push(text), ...more })
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= gateway.stop())
  atEnd(stop)
  return { gateway, spoolDir, troubles, stop }
}

async function firstByte(gateway: GatewayProcesses, name: string): Promise<number> {
  const client = await dial(gateway.address.port)
  client.socket.write(hello(name))
  const bytes = await client.received(7)
  client.socket.end()
  await client.over()
  return bytes[0]!
}

const outcomes = (spoolDir: string) =>
  segmentsOf(spoolDir)
    .flatMap(segment => segment.rows)
    .map(row => row.reason || row.outcome)

processTest(`workers share a port, take a changed file, and end in good order${skipped}`, async () => {
  const upstream = await startAnswering()
  const file = join(scratch(), 'retirement.yaml')
  writeFileSync(file, retirementText(upstream.port))
  const { gateway, spoolDir, troubles, stop } = await start({ file })
  expect(await firstByte(gateway, 'openssl-3.0-tls10')).toBe(22)

  const open = await dial(gateway.address.port)
  open.socket.write(hello('openssl-3.0-tls10'))
  await open.received(100)
  writeFileSync(file, retirementText(upstream.port, { cutoff: past }))
  await vi.waitFor(async () => expect(await firstByte(gateway, 'openssl-3.0-tls10')).toBe(21), {
    timeout: 5000,
  })
  open.socket.write('not dropped')
  await vi.waitFor(() => expect(upstream.got.some(bytes => bytes.includes('not dropped'))).toBe(true))

  writeFileSync(file, 'retirement: [')
  await vi.waitFor(async () => expect((await gateway.health()).policy.problem).toMatch(/retirement\.yaml:1:/))
  expect(await firstByte(gateway, 'openssl-3.0-tls10')).toBe(21)
  expect(troubles.some(text => /stays in force/.test(text))).toBe(true)

  const health = await gateway.health()
  expect(health.workers.map(worker => worker.up)).toEqual([true, true])
  expect(health.counts.open).toBe(1)
  expect(health.problems.some(text => /retirement\.yaml:1:/.test(text))).toBe(true)
  open.socket.end()
  await stop()
  const seen = outcomes(spoolDir)
  expect(seen.filter(outcome => outcome === 'version').length).toBeGreaterThanOrEqual(2)
  expect(seen.filter(outcome => outcome === 'accepted').length).toBeGreaterThanOrEqual(2)
})

processTest(`a worker that dies is replaced, and what it held is counted${skipped}`, async () => {
  const upstream = await startAnswering()
  const { gateway, spoolDir, troubles, stop } = await start(policyFor(upstream.port, { workers: 1 }))
  const undecided = await dial(gateway.address.port)
  undecided.socket.write(hello('openssl-3.0').subarray(0, 50))
  await vi.waitFor(async () => expect((await gateway.health()).counts.open).toBe(1))
  const { pid } = (await gateway.health()).workers[0]!
  process.kill(pid, 'SIGKILL')
  // Nobody accepts at this moment, and nobody is turned away.
  expect(await firstByte(gateway, 'openssl-3.0')).toBe(22)
  const health = await gateway.health()
  expect(health).toMatchObject({ lost: 1, workers: [{ up: true, restarts: 1 }] })
  expect(health.workers[0]!.pid).not.toBe(pid)
  expect(troubles.some(text => /gateway\.1 died \(killed by SIGKILL\); 1 connections lost/.test(text))).toBe(
    true,
  )
  await stop()
  expect(outcomes(spoolDir).sort()).toEqual(['accepted', 'worker-lost'])
})

processTest(`what an earlier run left in the spool is settled at the start${skipped}`, async () => {
  const upstream = await startAnswering()
  const spoolDir = scratch()
  writeFileSync(
    join(spoolDir, `gateway.1-${2 ** 22}-1000-1.open`),
    '{"k":"s","format":1,"service":"x","source":"gateway"}\n{"k":"o","id":1,"at_ms":5,"address":"192.0.2.1"}\n{"k":"o","id"',
  )
  const { gateway } = await start(policyFor(upstream.port, { workers: 1 }), { spoolDir })
  expect((await gateway.health()).lost).toBe(1)
  expect(outcomes(spoolDir)).toEqual(['worker-lost'])
})

processTest(`a port that is taken is found out before any process is started${skipped}`, async () => {
  const upstream = await startAnswering()
  const policy = policyFor(upstream.port)
  const running = runGatewayWorker({ policy, spoolDir: scratch() })
  atEnd(() => running.stop())
  policy.gateway.listen = { host: '127.0.0.1', port: running.address.port }
  await expect(startGateway({ policy, spoolDir: scratch() })).rejects.toMatchObject({
    kind: 'environment',
    message: `port ${running.address.port} on 127.0.0.1 is taken`,
  })
})

processTest(`what a worker cannot do is the fault of the start${skipped}`, async () => {
  const spoolDir = join(scratch(), 'file')
  writeFileSync(spoolDir, '')
  await expect(startGateway({ policy: policyFor(1), spoolDir })).rejects.toMatchObject({
    kind: 'environment',
    code: 'spool-not-writable',
  })
})

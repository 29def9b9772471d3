import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { socketPath } from '../../src/store/socket-path.ts'
import { rowOf, shapes } from '../identify/facts.ts'
import { runMain } from './run-main.ts'

const store = mkdtempSync(join(tmpdir(), 'tlsunset-socket-'))
afterAll(() => rmSync(store, { recursive: true, force: true }))

test('a store that a server holds is read through the socket beside it', async () => {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push(`${request.method} ${request.url} ${body}`)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        rows: [rowOf({ shape: 'tls10', connections: 3 }), rowOf({ account: 'b', shape: 'modern' })],
        shapes: [...shapes.values()],
        sources: [{ id: 'gateway', title: 'gateway', blind: ['what happens inside'] }],
        known: [],
        skipped: {},
      }),
    )
  })
  await new Promise<void>(resolve => server.listen(socketPath(store), resolve))
  try {
    const { exit, stdout } = await runMain(
      ['report', '--json', '--store', store, '--from', '2026-11-01', '--to', '2026-12-01'],
      { nowMs: Date.UTC(2026, 11, 1) },
    )
    expect(exit).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      observations: 4,
      totals: { accounts_that_break: 1, would_break: 3 },
      accounts: [
        { account: 'acme', blind: ['what happens inside'] },
        { account: 'b', verdict: 'clear' },
      ],
    })
    expect(asked).toEqual([
      'GET /v1/policy ',
      `POST /v1/usage ${JSON.stringify({ fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 1), named: true, historyDays: 90 })}`,
    ])
  } finally {
    await new Promise(resolve => server.close(resolve))
  }
})

test('a server that answers badly is told from one that is not there', async () => {
  const server = createServer((_, response) => {
    response.statusCode = 500
    response.end('no')
  })
  await new Promise<void>(resolve => server.listen(socketPath(store), resolve))
  try {
    const { exit, stderr } = await runMain(['report', '--store', store])
    expect(exit).toBe(4)
    expect(stderr).toContain('does not answer: 500 no')
  } finally {
    await new Promise(resolve => server.close(resolve))
  }
})

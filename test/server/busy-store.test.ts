import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readRetirement } from '../../src/model/retirement.ts'
import { startConsole } from '../../src/server/processes/run-console.ts'
import { lockDirectory } from '../../src/store/lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'tlsunset-busy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a store that a report holds for a moment is waited for, and that is said', async () => {
  const path = join(folder, 'store')
  const read = readRetirement(
    'retirement: a\nservice: { names: [a.example], owner: b }\nfloor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }\n',
    { nowMs: Date.UTC(2026, 10, 22) },
  )
  if (!read.ok) throw new Error(read.problems[0]?.message)
  const release = lockDirectory(path)
  const notes: string[] = []
  const server = await startConsole(
    {
      policy: read.policy,
      location: { kind: 'directory', path },
      spoolDir: join(path, 'spool'),
      listen: { host: '127.0.0.1', port: 0 },
      token: 'token',
      hasGateway: false,
    },
    message => {
      if (message.say !== 'note') return
      notes.push(message.text)
      release()
    },
  )
  await server.close()
  expect(notes).toEqual([`${path} is in use by process ${process.pid}; waiting for it`])
})

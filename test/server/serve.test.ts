import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import type { AccountDetail, Summary } from '../../src/model/api.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import type { Report } from '../../src/model/verdict.ts'
import { demoCertificates } from '../../src/server/demo/certificate.ts'
import { startService } from '../../src/server/demo/service.ts'
import { socketPath } from '../../src/store/socket-path.ts'

const bin = fileURLToPath(new URL('../../bin/tlsunset.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tlsunset-serve-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const code = await main(argv, {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: {},
    cwd: folder,
    now: () => Date.UTC(2026, 10, 22),
    signal: AbortSignal.abort(),
  })
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') }
}

describe('what cannot be served', () => {
  test('no retirement file: says how to get one', async () => {
    const { code, stderr } = await run('serve', '-c', 'missing.yaml')
    expect(code).toBe(3)
    expect(stderr).toContain('tlsunset: error: no retirement file: missing.yaml')
    expect(stderr).toContain('serve --init')
  })

  test('--init writes a file that is valid, and never over another', async () => {
    const first = await run('serve', '--init', '-c', 'new.yaml')
    expect(first).toMatchObject({ code: 0, stdout: 'new.yaml\n' })
    const read = readRetirement(readFileSync(join(folder, 'new.yaml'), 'utf8'), {
      nowMs: Date.UTC(2026, 10, 22),
    })
    expect(read).toMatchObject({ ok: true, warnings: [] })
    expect((await run('serve', '--init', '-c', 'new.yaml')).stderr).toContain('was left as it is')
  })

  test('an unknown key: names file, line, column and what was meant', async () => {
    writeFileSync(
      join(folder, 'typo.yaml'),
      'retirement: a\nservice: { names: [a.example], owner: b }\nfloor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }\ncutof: 2030-01-01T00:00:00Z\n',
    )
    const { code, stderr } = await run('serve', '-c', 'typo.yaml', '--store', 'typo-store')
    expect(code).toBe(2)
    expect(stderr).toMatch(/typo\.yaml:4:1: .*cutof/)
    expect(stderr).toContain('cutoff')
  })

  test('a port that is taken: names it, and the remedy', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    writeFileSync(join(folder, 'plain.yaml'), retirement(null))
    const { code, stderr } = await run(
      'serve',
      '-c',
      'plain.yaml',
      '--store',
      'taken-store',
      '--listen',
      `${port}`,
    )
    other.close()
    expect(code).toBe(5)
    expect(stderr).toContain(`127.0.0.1 port ${port} is taken by another program`)
    expect(stderr).toContain('--listen 127.0.0.1:0')
  })

  test.each([
    [['serve', '--listen', 'here'], 'not an address and port'],
    [['serve', '--demo', '-c', 'x.yaml'], '--demo brings its own config'],
  ])('%j', async (argv, text) => {
    writeFileSync(join(folder, 'retirement.yaml'), retirement(null))
    const { code, stderr } = await run(...argv)
    expect(code).toBe(2)
    expect(stderr).toContain(text)
  })
})

describe('a gateway, a store and a console', () => {
  const certificates = demoCertificates(['contoso.example.test', 'litware.example.test'], Date.now())
  const store = join(folder, 'store')
  let service: Awaited<ReturnType<typeof startService>>
  let serving: Awaited<ReturnType<typeof start>>

  beforeAll(async () => {
    service = await startService(certificates)
    writeFileSync(join(folder, 'full.yaml'), retirement(service.port))
    serving = await start(join(folder, 'full.yaml'), store)
  })
  afterAll(async () => {
    await serving.stop()
    service.close()
  })

  const shake = (name: string, highest: 'TLSv1' | 'TLSv1.3') =>
    new Promise<string>(resolve => {
      const socket = connect({
        host: '127.0.0.1',
        port: serving.gatewayPort,
        servername: name,
        ca: certificates.ca,
        minVersion: 'TLSv1',
        maxVersion: highest,
        ciphers: 'DEFAULT:@SECLEVEL=0',
      })
      socket.once('secureConnect', () => {
        resolve(socket.getProtocol() ?? '')
        socket.destroy()
      })
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })

  const until = <T>(path: string, isWanted: (answer: T) => boolean) => untilAnswer(serving, path, isWanted)

  test('refuses by name what the floor refuses, and the console knows', async () => {
    // The cutoff has passed; litware passes, contoso does not.
    expect(await shake('litware.example.test', 'TLSv1.3')).toBe('TLSv1.3')
    expect(await shake('contoso.example.test', 'TLSv1')).toMatch(
      /EPROTO|ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION/,
    )
    const { refusals } = await until<{
      refusals: { account: string; clause: string; sni: string; ja4: string }[]
    }>('/v1/refusals', answer => answer.refusals.length > 0)
    expect(refusals[0]).toMatchObject({ account: 'contoso', clause: 'version', sni: 'contoso.example.test' })
    expect(refusals[0]!.ja4).toMatch(/^t10d/)
    const report = await until<Report>('/v1/accounts', answer => answer.accounts.length === 2)
    expect(report.accounts.map(({ account, verdict }) => [account, verdict])).toEqual([
      ['contoso', 'breaks'],
      ['litware', 'clear'],
    ])
    expect(report.accounts[0]).toMatchObject({ offeredMax: 0x0301, counts: { refused: 1 } })
    const detail = await serving.ask<AccountDetail>('/v1/accounts/contoso')
    expect(detail.clients).toMatchObject([{ breaks: 'version', offeredMax: 0x0301 }])
    expect(detail.hours.breaking.filter(count => count > 0)).toEqual([1])
    expect(detail.refusals).toHaveLength(1)
  })

  test('the console process can be killed: the gateway goes on, nothing is lost, the token stays good', async () => {
    const health = await until<{ processes: { id: string; pid: number }[] }>(
      '/v1/health',
      answer => answer.processes.length === 3,
    )
    process.kill(health.processes.find(found => found.id === 'console')!.pid, 'SIGKILL')
    expect(await shake('contoso.example.test', 'TLSv1')).toMatch(/EPROTO|ERR_SSL/)
    const report = await until<Report>('/v1/accounts', answer => answer.totals.refused === 2)
    expect(report.totals.connections).toBe(3)
  })

  test('a worker can be killed: the others go on and it comes back', async () => {
    const before = await until<{ processes: { id: string; pid: number }[] }>(
      '/v1/health',
      answer => answer.processes.length === 3,
    )
    const worker = before.processes.find(found => found.id.startsWith('gateway'))!
    process.kill(worker.pid, 'SIGKILL')
    expect(await shake('litware.example.test', 'TLSv1.3')).toBe('TLSv1.3')
    await until<typeof before>('/v1/health', answer =>
      answer.processes.some(found => found.id === worker.id && found.pid !== worker.pid && found.pid > 0),
    )
  })

  test('a changed retirement file comes into force without a restart', async () => {
    writeFileSync(
      join(folder, 'full.yaml'),
      retirement(service.port, serving.gatewayPort, '2099-01-01T00:00:00Z'),
    )
    await until<Summary>('/v1/summary', answer => answer.inForce.floor === 'now')
    expect(await shake('contoso.example.test', 'TLSv1')).toBe('TLSv1')
  })

  test('a brownout that crosses a guardrail is broken off, and stays so', async () => {
    const text = retirement(service.port, serving.gatewayPort, '2099-01-01T00:00:00Z')
    const from = new Date(Date.now() - 1000).toISOString()
    const to = new Date(Date.now() + 3_600_000).toISOString()
    writeFileSync(
      join(folder, 'full.yaml'),
      `${text}brownouts: [{ from: ${from}, to: ${to} }]\nguardrails: { abortIfRefusedAccounts: 2 }\n`,
    )
    await until<Summary>('/v1/summary', answer => answer.inForce.rule === 'brownout')
    expect(await shake('contoso.example.test', 'TLSv1')).toMatch(/EPROTO|ERR_SSL/)
    expect(await shake('litware.example.test', 'TLSv1')).toMatch(/EPROTO|ERR_SSL/)
    await until<Summary>('/v1/summary', answer => answer.inForce.floor === 'now')
    expect(await shake('contoso.example.test', 'TLSv1')).toBe('TLSv1')
    expect(serving.output()).toContain('brownout broken off: 2 customers refused, the guardrail is 2')
  })

  test.skipIf(process.platform === 'win32')(
    'the socket beside the store needs no token and is for this user only',
    async () => {
      const path = socketPath(store)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
        request({ socketPath: path, path: '/v1/policy' }, response => {
          let text = ''
          response.on('data', part => {
            text += part
          })
          response.on('end', () => resolve({ status: response.statusCode!, text }))
        })
          .on('error', reject)
          .end()
      })
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.text).policy.retirement).toBe('test')
    },
  )

  test('the token is in no output but the address', () => {
    expect(serving.output().split(serving.token)).toHaveLength(2)
  })

  test('it ends in good order on SIGTERM', async () => {
    expect(await serving.stop()).toBe(0)
  })
})

test('its children end when it is killed', async () => {
  writeFileSync(join(folder, 'end.yaml'), retirement(9))
  const killed = await start(join(folder, 'end.yaml'), join(folder, 'end-store'))
  const { processes } = await untilAnswer<{ processes: { pid: number }[] }>(
    killed,
    '/v1/health',
    answer => answer.processes.length === 3,
  )
  killed.child.kill('SIGKILL')
  for (const { pid } of processes) await gone(pid)
  expect(existsSync(join(folder, 'end-store'))).toBe(true)
})

async function untilAnswer<T>(
  serving: Awaited<ReturnType<typeof start>>,
  path: string,
  isWanted: (answer: T) => boolean,
): Promise<T> {
  for (;;) {
    const answer = await serving.ask<T>(path).catch(() => undefined)
    if (answer !== undefined && isWanted(answer)) return answer
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function retirement(servicePort: number | null, gatewayPort = 0, cutoff = '2020-01-01T00:00:00Z'): string {
  const gateway =
    servicePort === null
      ? ''
      : `gateway: { listen: "127.0.0.1:${gatewayPort}", workers: 2, upstreams: [{ to: "127.0.0.1:${servicePort}" }], limits: { connections: 100 } }\n`
  return `retirement: test
service: { names: ["*.example.test"], owner: me }
accounts: { sni: "{account}.example.test" }
floor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }
cutoff: ${cutoff}
${gateway}`
}

async function start(file: string, store: string) {
  const child: ChildProcess = spawn(
    process.execPath,
    [bin, 'serve', '-c', file, '--store', store, '--listen', '127.0.0.1:0', '--json'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  child.stderr!.on('data', text => {
    output += text
  })
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', text => {
      output += text
      if (output.includes('\n{') || output.startsWith('{')) resolve(output.slice(output.indexOf('{')))
    })
    void ended.then(code => reject(new Error(`ended with ${code}: ${output}`)))
  })
  const up = JSON.parse(line) as { console: string; gateway: string | null }
  const [base, token] = up.console.split('#token=') as [string, string]
  return {
    child,
    token,
    gatewayPort: Number(up.gateway?.split(':').at(-1)),
    output: () => output,
    async ask<T>(path: string): Promise<T> {
      const response = await fetch(new URL(path, base), { headers: { authorization: `Bearer ${token}` } })
      if (!response.ok) throw new Error(`${path}: ${response.status}`)
      return (await response.json()) as T
    },
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'

const cases = fileURLToPath(new URL('../../cases/host/exports', import.meta.url))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tlsunset-host-'))
  cpSync(cases, folder, { recursive: true })
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out = new PassThrough()
  const err = new PassThrough()
  const texts = { out: '', err: '' }
  out.on('data', chunk => (texts.out += chunk))
  err.on('data', chunk => (texts.err += chunk))
  const code = await main(argv, {
    stdin: new PassThrough(),
    stdout: out,
    stderr: err,
    env: {},
    cwd: folder,
    now: () => Date.UTC(2026, 0, 2),
    signal: new AbortController().signal,
  })
  await new Promise(done => setImmediate(done))
  return { code, ...texts }
}

const lines = (text: string) => text.trim().split('\n')

describe('host evaluate', () => {
  test('one host: the table, the warnings, exit 1 because it breaks', async () => {
    const { code, out } = await run('host', 'evaluate', 'win7.reg')
    expect(code).toBe(1)
    expect(lines(out)[0]).toBe('OLDBOX: Windows 7 SP1: breaks at TLS 1.2')
    expect(out).toContain('W-DSP-INERT')
    expect(out).toMatch(/breaks +WinHTTP, 64-bit +1\.0 /)
  })

  test.each([
    ['6.1.7601.17514', 'W-DSP-INERT', 'breaks'],
    ['6.1.7601.24545', 'W-SCHANNEL-WIN7', 'clear'],
    [undefined, 'W-DSP-MAY-BE-INERT', 'unsure'],
  ])('winhttp.dll %s tells whether the value is read: %s', async (version, code, verdict) => {
    const text = readFileSync(join(folder, 'win7.reg')).toString('utf16le')
    const line = /; fact winhttp = .*\r\n/
    writeFileSync(
      join(folder, 'win7.reg'),
      Buffer.from(text.replace(line, version ? `; fact winhttp = ${version}\r\n` : ''), 'utf16le'),
    )
    const { out } = await run('host', 'evaluate', 'win7.reg', '--for', 'winhttp')
    expect(lines(out)[0]).toBe(`OLDBOX: Windows 7 SP1: ${verdict} at TLS 1.2`)
    expect(out).toContain(code)
  })

  test('a remedied host is clear for the stacks asked for, and breaks at the next floor', async () => {
    expect((await run('host', 'evaluate', 'ws2019.reg', '--for', 'winhttp')).code).toBe(0)
    const next = await run('host', 'evaluate', 'ws2019.reg', '--for', 'winhttp', '--floor', 'TLS 1.3')
    expect(next.code).toBe(1)
    expect(next.out).toContain('breaks at TLS 1.3')
  })

  test('programs of configuration files are judged by their own target, switches and bindings', async () => {
    const { out } = await run('host', 'evaluate', 'web', '--json')
    const host = JSON.parse(lines(out)[0]!)
    const programs = host.consumers.filter((consumer: { id: string }) => consumer.id.startsWith('program-'))
    const offers = Object.fromEntries(
      programs.map((consumer: { title: string; offered: string[] }) => [
        consumer.title.replace(/^.*[\\/]/, ''),
        consumer.offered.join(' '),
      ]),
    )
    expect(offers).toEqual({
      'web.config': 'TLS 1.0',
      'billing.exe': 'TLS 1.0 TLS 1.1 TLS 1.2',
      'billing.exe, net.tcp binding in line 12': 'TLS 1.2',
    })
  })

  test('a fleet: every host, unreadable lines by number, files that are no export by reason', async () => {
    const { code, out } = await run('host', 'evaluate', '.')
    expect(code).toBe(1)
    expect(lines(out)[0]).toMatch(/^6 hosts at TLS 1\.2: 4 break, \d unsure, \d clear$/)
    expect(out).toMatch(/broken\.reg:9: text in quotes, dword: or hex: is wanted/)
    expect(out).toMatch(/notes\.txt:1: no registry export/)
    expect(out).toMatch(/lonely\.exe\.config: no export beside it/)
  })

  test('JSON is a line per host and a summary that adds up', async () => {
    const { out } = await run('host', 'evaluate', '.', '--json')
    const rows = lines(out).map(line => JSON.parse(line))
    const summary = rows.pop()
    expect(summary).toMatchObject({ kind: 'summary', hosts: rows.length, floor: 'TLS 1.2' })
    expect(summary.byVerdict.breaks + summary.byVerdict.unsure + summary.byVerdict.clear).toBe(rows.length)
    for (const row of rows) for (const consumer of row.consumers) expect(consumer.because).not.toBe('')
  })

  test('CSV has a line per host and names no formula', async () => {
    const { out } = await run('host', 'evaluate', '.', '--format', 'csv')
    const [head, ...rows] = out.trim().split('\r\n')
    expect(head).toMatch(/^host,system,floor,verdict,because,winhttp,winhttp_breaks/)
    expect(rows.length).toBe(6)
    expect(rows.some(row => row.startsWith("'=cmd"))).toBe(true)
  })

  test('HTML is one page without scripts or requests, names escaped', async () => {
    const { out } = await run('host', 'evaluate', '.', '--format', 'html')
    expect(out).toMatch(/<h1>4 of 6 hosts break when TLS 1\.2 becomes the floor<\/h1>/)
    expect(out).not.toMatch(/<script|https?:|<link|<img/)
    expect(out).toContain('&lt;b&gt;')
    expect(out).not.toContain('<b>name')
  })

  test('an export that does not say which Windows it is: unsure, and --os says it', async () => {
    const without = await run('host', 'evaluate', 'schannel-only.reg')
    expect(without.code).toBe(6)
    expect(without.out).toContain('--os names it')
    const named = await run('host', 'evaluate', 'schannel-only.reg', '--os', 'win7-sp1')
    expect(named.out).toContain('Windows 7 SP1')
  })

  test('nothing seen is exit 6, a wrong flag exit 2, no such file and no export exit 3', async () => {
    mkdirSync(join(folder, 'empty'))
    expect((await run('host', 'evaluate', 'empty')).code).toBe(6)
    writeFileSync(join(folder, 'empty', 'junk.txt'), 'junk\n')
    const junk = await run('host', 'evaluate', 'empty/junk.txt')
    expect(junk.code).toBe(3)
    expect(junk.out).toMatch(/skipped:\n.*junk\.txt:1: no registry export/)
    expect((await run('host', 'evaluate', 'win7.reg', '--floor', 'TLS 9')).code).toBe(2)
    expect((await run('host', 'evaluate', 'win7.reg', '--for', 'gopher')).code).toBe(2)
    const missing = await run('host', 'evaluate', 'gone.reg')
    expect(missing.code).toBe(3)
    expect(missing.err).toMatch(/no such file or folder: .*gone\.reg/)
  })

  test('facts: one row gives one object, a list a list', async () => {
    const row = { id: 'a', os: 'win7-sp1', stack: 'winhttp', inputs: {} }
    writeFileSync(join(folder, 'row.json'), JSON.stringify(row))
    writeFileSync(join(folder, 'rows.json'), JSON.stringify([row, { ...row, id: 'b', os: 'win11-23h2' }]))
    writeFileSync(join(folder, 'bad.json'), '{')
    const one = await run('host', 'evaluate', '--facts', 'row.json', '--json')
    expect(JSON.parse(one.out)).toMatchObject({ id: 'a', tls: ['TLS1.0'], winhttpMask: 0xa0, breaks: 'yes' })
    expect(one.code).toBe(1)
    const two = await run('host', 'evaluate', '--facts', 'rows.json', '--json')
    expect(JSON.parse(two.out).map((answer: { breaks: string }) => answer.breaks)).toEqual(['yes', 'no'])
    expect((await run('host', 'evaluate', '--facts', 'bad.json')).code).toBe(3)
  })
})

describe('host remediate', () => {
  test('plan and files, each with its undo', async () => {
    const { code, out } = await run('host', 'remediate', 'win7.reg', '--out', 'remedy')
    expect(code).toBe(0)
    expect(out).toContain('KB3140245')
    expect(out).toContain('"DefaultSecureProtocols"=dword:00000aa0  (now dword:00000a00)')
    const written = (readdirSync(join(folder, 'remedy', 'OLDBOX'), { recursive: true }) as string[]).sort()
    expect(written).toEqual(
      expect.arrayContaining([
        'PLAN.txt',
        'reg/apply.reg',
        'reg/undo.reg',
        'gpo/undo/Machine/Registry.pol',
        'intune/detect.ps1',
      ]),
    )
    const undo = readFileSync(join(folder, 'remedy', 'OLDBOX', 'reg', 'undo.reg')).toString('utf16le')
    expect(undo).toContain('"DefaultSecureProtocols"=dword:00000a00')
  })

  test('a host that needs nothing says so', async () => {
    const { code, out } = await run('host', 'remediate', 'ws2019.reg', '--for', 'winhttp')
    expect(code).toBe(0)
    expect(out).toContain('nothing to change for TLS 1.2')
  })

  test('what no setting helps is exit 1, with the way out', async () => {
    const { code, out } = await run(
      'host',
      'remediate',
      'ws2019.reg',
      '--for',
      'winhttp',
      '--floor',
      'TLS 1.3',
    )
    expect(code).toBe(1)
    expect(out).toContain('Windows Server 2019 has no TLS 1.3, and no setting adds it')
  })

  test('a name from a file cannot leave the folder', async () => {
    await run('host', 'remediate', 'evil.reg', '--out', 'remedy')
    expect(
      readdirSync(join(folder, 'remedy')).every(name => !name.includes('..') && !/[\\/]/.test(name)),
    ).toBe(true)
  })

  test('a format wants a folder, and is one of the known', async () => {
    expect((await run('host', 'remediate', 'win7.reg', '--format', 'reg')).code).toBe(2)
    expect((await run('host', 'remediate', 'win7.reg', '--format', 'word', '--out', 'x')).code).toBe(2)
  })
})

describe('host collect', () => {
  test('prints one script, with the line ends of its system', async () => {
    const { code, out } = await run('host', 'collect')
    expect(code).toBe(0)
    expect(out).toMatch(/^# tlsunset host collect/)
    expect(out.replaceAll('\r\n', '')).not.toContain('\n')
    expect((await run('host', 'collect', '--for', 'linux')).out).not.toContain('\r')
  })
})

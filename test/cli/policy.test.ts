import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { runMain } from './run-main.ts'

const cwd = fileURLToPath(new URL('../../cases/retirement/', import.meta.url))
const nowMs = Date.UTC(2023, 1, 1)
const run = (line: string) =>
  runMain(
    line.match(/"[^"]*"|\S+/g)!.map(word => word.replaceAll('"', '')),
    { cwd, nowMs },
  )

describe('policy check', () => {
  test('a valid file: a summary, and exit code 0', async () => {
    const { exit, stdout } = await run('policy check design.yaml')
    expect(exit).toBe(0)
    expect(stdout).toContain('valid: design.yaml, 2 warnings\n')
    expect(stdout).toContain(
      'from TLS 1.0 to TLS 1.2, suites intermediate; cutoff 2023-03-31 00:00 UTC, in 58 days\n',
    )
  })

  test('a mistake is shown like a compiler shows it, and the exit code is 2', async () => {
    const { exit, stdout } = await run('policy check unknown-preset.yaml')
    expect(exit).toBe(2)
    expect(stdout).toBe(
      [
        'unknown-preset.yaml:1:10: error: there is no preset azure-bacth',
        '   1 | extends: azure-bacth',
        '     |          ^ did you mean azure-batch?',
        '',
        '1 error in unknown-preset.yaml',
        '',
      ].join('\n'),
    )
  })

  test('--json says the same to scripts', async () => {
    const { exit, stdout } = await run('policy check --json empty.yaml')
    expect(exit).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problems: [{ line: 1, message: 'the file is empty' }],
    })
  })

  test('a file that is not there, with the name that was meant', async () => {
    expect(await run('policy check desing.yaml')).toMatchObject({
      exit: 3,
      stdout: '',
      stderr: 'tlsunset: error: no such file: desing.yaml\ntlsunset: hint: did you mean design.yaml?\n',
    })
  })
})

describe('files of other systems and other kinds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tlsunset-policy-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const design = readFileSync(join(cwd, 'design.yaml'), 'utf8')
  const check = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content)
    return runMain(['policy', 'check', name], { cwd: folder, nowMs })
  }
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

  test.each<[string, string | Uint8Array]>([
    ['Windows line ends', design.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${design}`],
    ['UTF-16, as PowerShell writes', utf16(design)],
    ['UTF-16, the other way round', utf16(design).swap16()],
    ['anchors and merged keys', `${design.replace('noSni: next', 'noSni: &x next')}`],
  ])('%s are read', async (_, content) => {
    const { exit, stdout } = await check('read.yaml', content)
    expect(stdout).toContain('valid: read.yaml, 2 warnings\n')
    expect(exit).toBe(0)
  })

  test('a window that repeats another by a merge key', async () => {
    const { exit, stdout } = await check(
      'merge.yaml',
      `${design.slice(0, design.indexOf('brownouts:'))}brownouts:
  - &b { from: 2023-02-07T14:00:00Z, forMinutes: 10, refuse: soft }
  - { <<: *b, from: 2023-02-08T14:00:00Z }
`,
    )
    expect(stdout).toContain('2 brownouts')
    expect(exit).toBe(0)
  })

  test.each<[string, string | Uint8Array, number, string]>([
    ['bytes', Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) & 0xff), 3, 'not a text file'],
    ['a NUL', 'retirement: a\0b\n', 3, 'not a text file'],
    ['five million characters', `${design}# ${'x'.repeat(5e6)}\n`, 2, 'at most 4,000,000'],
    ['tabs', 'retirement: r\nservice:\n\tnames: [a.example]\n', 2, '^ use spaces'],
    ['an alias to nothing', 'retirement: *r\n', 2, 'bad.yaml:1:13: error: there is no anchor &r'],
    ['two documents', 'retirement: a\n---\nretirement: b\n', 2, 'bad.yaml:2:1: error: a second document'],
    ['deep brackets', `a: ${'['.repeat(1e5)}`, 2, 'nested too deeply'],
    ['deep lists', `a:\n ${'- '.repeat(1e5)}b\n`, 2, 'nested too deeply'],
    [
      'deep sections',
      Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
      2,
      'too deeply',
    ],
    ['a number as a name', 'retirement: 7\n', 2, 'in quotes it is text: "7"'],
    ['control characters', 'retirement: "\u001b[31m"\nservic: {}\n', 2, 'has no key servic'],
  ])('%s: said clearly', async (_, content, code, message) => {
    const { exit, stdout, stderr } = await check('bad.yaml', content)
    expect(stdout + stderr).toContain(message)
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u)
    expect(exit).toBe(code)
  })

  test('a folder', async () => {
    const { exit, stderr } = await run('policy check .')
    expect(exit).toBe(3)
    expect(stderr).toBe(
      'tlsunset: error: . is a folder\ntlsunset: hint: name the file in it, for example retirement.yaml\n',
    )
  })
})

describe('policy explain', () => {
  test('an account before, in and after a brownout', async () => {
    const before = await run('policy explain design.yaml --account fabrikam --offer "TLS 1.0"')
    expect(before).toMatchObject({ exit: 0 })
    expect(before.stdout).toContain('a client that goes up to TLS 1.0: let in, will break\n')
    const during = await run(
      'policy explain design.yaml --account fabrikam --offer "TLS 1.0" --at 2023-02-07T14:05:00Z',
    )
    expect(during).toMatchObject({ exit: 1 })
    expect(during.stdout).toContain('refused (HTTP answer)')
  })

  test('an exempt account, as JSON', async () => {
    const { exit, stdout } = await run('policy explain design.yaml --account contoso --at 2023-04-01 --json')
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      account: 'contoso',
      at: '2023-04-01T00:00:00.000Z',
      floor: { which: 'now', rule: 'exemption' },
      changes: [{ at: '2023-06-30T00:00:00.000Z', floor: 'next', rule: 'cutoff' }],
    })
  })

  test('a name of the service leads to its account; an empty name is a hello without SNI', async () => {
    expect((await run('policy explain design.yaml --sni contoso.westeurope.batch.azure.com')).stdout).toMatch(
      /^contoso at /,
    )
    expect((await run('policy explain design.yaml --sni ""')).stdout).toMatch(
      /^hellos without SNI at .*TLS 1\.2/,
    )
  })

  test.each([
    ['policy explain design.yaml', '--account or --sni'],
    ['policy explain design.yaml --account contoso --at 2023-02-01T10:00', 'no time zone'],
    ['policy explain design.yaml --account contoso --offer TLS9', 'no such version or capture: TLS9'],
    ['policy explain design.yaml --account contoso --offer ""', 'no such version or capture'],
    ['policy explain design.yaml --sni *.batch.azure.com', 'no host name: *.batch.azure.com'],
    ['policy calendar design.yaml --json --ics', 'either --ics or --json'],
    ['policy calendar design.yaml --from 2023-03-01 --to 2023-02-01', '--to is not after --from'],
  ])('%s is wrong usage', async (line, message) => {
    const { exit, stderr } = await run(line)
    expect(exit).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).toContain('tlsunset: hint: ')
  })
})

describe('policy explain with a capture', () => {
  const old = '../captures/own/node-0.10.48-tls10.pcap'

  test('says of its hellos what becomes of them then and after the cutoff, and why', async () => {
    const { exit, stdout } = await run(`policy explain design.yaml --account fabrikam --offer ${old}`)
    expect(exit).toBe(1)
    expect(stdout).toContain(`8 hellos in ${old}: 0 refused now, 8 after the cutoff at 2023-03-31 00:00 UTC`)
    expect(stdout).toContain('8 hellos for server.example.test, account fabrikam, up to TLS 1.0\n')
    expect(stdout).toContain('  now: let in, fails the next floor: passes the floor in force (TLS 1.0)')
    expect(stdout).toContain('  after the cutoff: refused (alert 70): the client offers at most TLS 1.0, and')
  })

  test('an exempt account is let in after the cutoff too, as JSON', async () => {
    const { exit, stdout } = await run(`policy explain design.yaml --account contoso --offer ${old} --json`)
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      cutoff: '2023-03-31T00:00:00.000Z',
      unread: 0,
      hellos: [
        {
          count: 8,
          highest: 'TLS 1.0',
          ja4: 't10d380500_4ae34f792462_51f6d7389324',
          now: { action: 'accept', breaks: 'version' },
          afterCutoff: { action: 'accept', rule: 'exemption' },
        },
      ],
    })
  })

  test('names that are not the service are judged as such, and said', async () => {
    const { exit, stdout, stderr } = await run(`policy explain design.yaml --offer ${old}`)
    expect(exit).toBe(1)
    expect(stdout).toContain("hellos for names that are not the service's meet the next floor")
    expect(stderr).toContain('no hello asks for a name of the service (*.batch.azure.com)')
  })

  test('hellos that pass the next floor', async () => {
    const { exit, stdout } = await run(
      'policy explain design.yaml --account fabrikam --offer ../captures/own/ossl-ecdsa.pcap',
    )
    expect(exit).toBe(0)
    expect(stdout).toContain('after the cutoff: let in')
  })

  test.each([
    ['gone.pcap', 3, 'no such file'],
    ['design.yaml', 3, 'wanted a capture file'],
    ['.', 3, 'it is a folder'],
  ])('--offer %s: exit code %i', async (file, code, message) => {
    const { exit, stderr } = await run(`policy explain design.yaml --account contoso --offer ${file}`)
    expect(exit).toBe(code)
    expect(stderr).toContain(message)
  })
})

describe('policy calendar', () => {
  test('lists what is planned, in order', async () => {
    const { exit, stdout } = await run('policy calendar design.yaml --from 2023-03-01')
    expect(exit).toBe(0)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map(line => line.replace(/\s{2,}/g, '  ')),
    ).toEqual([
      '2023-03-01 00:00 UTC  Next floor for 5 % of accounts',
      '2023-03-15 00:00 UTC  Next floor for 25 % of accounts',
      '2023-03-31 00:00 UTC  Cutoff: TLS 1.2, suites intermediate',
      '2023-06-30 00:00 UTC  Exemption of contoso ends',
    ])
  })

  test('an iCalendar file has whole lines of at most 75 octets, and the same ids every time', async () => {
    const { stdout } = await run('policy calendar design.yaml --ics')
    const lines = stdout.split('\r\n')
    expect(lines.at(-1)).toBe('')
    expect(stdout.replaceAll('\r\n', '')).not.toContain('\n')
    expect(lines.every(line => Buffer.byteLength(line) <= 75)).toBe(true)
    expect(lines.filter(line => line === 'BEGIN:VEVENT')).toHaveLength(11)
    expect(new Set(lines.filter(line => line.startsWith('UID:'))).size).toBe(11)
    expect(stdout).toContain('DTSTART:20230331T000000Z')
  })

  test('nothing planned is not a success', async () => {
    expect(await run('policy calendar design.yaml --from 2030-01-01')).toMatchObject({ exit: 6, stdout: '' })
  })
})

test('policy alone says which commands there are', async () => {
  const { exit, stdout, stderr } = await run('policy')
  expect(exit).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain('check [options] [file]')
})

test('policy schema is the JSON Schema of the file', async () => {
  const { exit, stdout } = await run('policy schema')
  expect(exit).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'object',
    required: ['retirement'],
    additionalProperties: false,
  })
})

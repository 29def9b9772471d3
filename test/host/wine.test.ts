import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluateHost } from '../../src/host/evaluate.ts'
import { formats } from '../../src/host/formats/index.ts'
import { type HostExport, readHostExport } from '../../src/host/host-export.ts'
import { planRemedy } from '../../src/host/remedy.ts'
import { TLS_1_2 } from '../../src/model/version.ts'
import { labPath } from '../lab/place.ts'
import { type Gateway, hasProgram, makeCertificate, startGateway, trustFile } from './peer.ts'

const wine = ['/usr/lib/wine/wine64', '/usr/bin/wine64'].find(path => existsSync(path))
const wineServer = ['/usr/lib/wine/wineserver64', '/usr/lib/wine/wineserver', '/usr/bin/wineserver'].find(
  path => existsSync(path),
)
const prepared = labPath('wine')
const lacks =
  !wine || !wineServer
    ? 'no wine64'
    : !hasProgram('openssl')
      ? 'no openssl'
      : !existsSync(prepared)
        ? 'not prepared, see node scripts/lab.mjs'
        : ''
const schannel = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL'

const currentVersion = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'

let folder: string
let gateway: Gateway

// What a machine looks like on which newer versions wait to be asked for: Wine's Schannel then offers TLS 1.0 alone.
const oldMachine = `REGEDIT4

[${schannel}\\Protocols\\TLS 1.1\\Client]
"DisabledByDefault"=dword:00000001

[${schannel}\\Protocols\\TLS 1.2\\Client]
"DisabledByDefault"=dword:00000001
"Enabled"="text, not a number"
`

const client = `var request = new ActiveXObject("WinHttp.WinHttpRequest.5.1");
try {
  request.Open("GET", WScript.Arguments(0), false);
  request.Send();
  WScript.Echo("status " + request.Status);
} catch (error) {
  WScript.Echo("failed");
  WScript.Quit(1);
}
`

/** Runs a Windows program in the test's own prefix. Its output goes to a file: services of the prefix would keep a pipe open. */
function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const log = join(folder, 'run.log')
  const out = openSync(log, 'w')
  const { DISPLAY: _, GNUTLS_SYSTEM_PRIORITY_FILE: __, ...rest } = process.env
  const env = {
    ...rest,
    WINEPREFIX: join(folder, 'prefix'),
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
  }
  return new Promise((done, fail) => {
    const child = spawn(wine!, args, { cwd: folder, env, stdio: ['ignore', out, out] })
    child.on('error', fail)
    child.on('exit', code => {
      closeSync(out)
      done({ code, output: readFileSync(log, 'utf8') })
    })
  })
}

async function importFile(name: string, content: string | Uint8Array): Promise<void> {
  writeFileSync(join(folder, name), content)
  expect((await run('regedit', '/S', name)).code).toBe(0)
}

/** What regedit exports, as its bytes. */
async function exportKey(...key: string[]): Promise<Uint8Array> {
  await run('regedit', '/E', 'export.reg', ...key)
  return readFileSync(join(folder, 'export.reg'))
}

/** What a host is judged by, without the rest of the registry, whose export takes the longest of all. */
async function exportHost(): Promise<HostExport> {
  const [windows, protocols] = [await exportKey(currentVersion), await exportKey(schannel)].map(bytes =>
    new TextDecoder('utf-16le').decode(bytes),
  )
  const text = `${windows}${protocols!.slice(protocols!.indexOf('['))}`
  return readHostExport('wine.reg', Buffer.from(`\uFEFF${text}`, 'utf16le'))!
}

/** Whether WinHTTP of Wine gets an answer from the gateway, and with which version. */
async function connect(): Promise<string> {
  const before = gateway.accepted.length
  const { code, output } = await run('cscript', '//nologo', 'client.js', `https://localhost:${gateway.port}/`)
  if (gateway.accepted.length > before)
    return `${gateway.accepted.at(-1)} ${output.trim().split('\n').at(-1)}`
  return `refused, exit ${code}`
}

/** A prefix takes longer to make than all that is tried in it: a copy of the prepared one does, with its libraries, 700 MB, for both. */
function copyPrefix(to: string): void {
  const libraries = join('drive_c', 'windows')
  cpSync(prepared, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: from => from !== join(prepared, libraries),
  })
  symlinkSync(join(prepared, libraries), join(to, libraries))
}

beforeAll(async () => {
  if (lacks) return
  folder = mkdtempSync(join(tmpdir(), 'tlsunset-wine-'))
  makeCertificate(folder)
  gateway = await startGateway(folder)
  copyPrefix(join(folder, 'prefix'))
  writeFileSync(join(folder, 'client.js'), client)
  await importFile('trust.reg', trustFile(folder))
  await importFile('before.reg', oldMachine)
}, 180_000)

afterAll(async () => {
  if (lacks) return
  spawnSync(wineServer!, ['-k'], {
    env: { ...process.env, WINEPREFIX: join(folder, 'prefix') },
    stdio: 'ignore',
  })
  await gateway.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}, 60_000)

test.skipIf(lacks)(
  `a real Schannel and WinHTTP: refused before, through after apply.reg, refused again after undo.reg${lacks && ` (skipped: ${lacks})`}`,
  async () => {
    const wholeBefore = await exportKey()
    const schannelBefore = await exportKey(schannel)
    const host = readHostExport('wine.reg', wholeBefore)!
    expect(host.problems).toEqual([])
    expect(host.registry.size).toBeGreaterThan(1000)
    const report = evaluateHost(host, TLS_1_2, ['schannel'])
    expect(report.verdict).toBe('breaks')
    expect(await connect()).toBe('refused, exit 1')
    expect(gateway.refused).toEqual(['ERR_SSL_UNSUPPORTED_PROTOCOL'])

    const remedy = planRemedy(host, TLS_1_2, ['schannel'])!
    expect(remedy.remaining).toEqual([])
    const files = new Map(
      formats
        .find(({ id }) => id === 'reg')!
        .write(remedy)
        .map(({ path, content }) => [path, content]),
    )
    await importFile('apply.reg', files.get('apply.reg')!)
    expect(await connect()).toBe('TLSv1.2 status 200')
    const after = await exportHost()
    expect(after.problems).toEqual([])
    expect(evaluateHost(after, TLS_1_2, ['schannel']).verdict).not.toBe('breaks')
    expect(planRemedy(after, TLS_1_2, ['schannel'])!.changes).toEqual([])

    await importFile('undo.reg', files.get('undo.reg')!)
    expect(await connect()).toBe('refused, exit 1')
    expect(Buffer.from(await exportKey(schannel)).equals(Buffer.from(schannelBefore))).toBe(true)
  },
  180_000,
)

test.skipIf(lacks)(
  `keys that a remedy creates are gone after its undo${lacks && ` (skipped: ${lacks})`}`,
  async () => {
    await importFile(
      'clean.reg',
      `REGEDIT4\n\n[-${schannel}\\Protocols\\TLS 1.1]\n[-${schannel}\\Protocols\\TLS 1.2]\n`,
    )
    const before = await exportKey(schannel)
    const remedy = planRemedy(await exportHost(), TLS_1_2, ['schannel', 'server'])!
    expect(remedy.createdKeys.length).toBe(3)
    const files = new Map(formats[0]!.write(remedy).map(({ path, content }) => [path, content]))
    await importFile('apply.reg', files.get('apply.reg')!)
    expect(Buffer.from(await exportKey(schannel)).equals(Buffer.from(before))).toBe(false)
    await importFile('undo.reg', files.get('undo.reg')!)
    expect(Buffer.from(await exportKey(schannel)).equals(Buffer.from(before))).toBe(true)
  },
  180_000,
)

test.skipIf(lacks)(
  `the .cmd collector runs, and its file is evaluated whole${lacks && ` (skipped: ${lacks})`}`,
  async () => {
    await importFile(
      'more.reg',
      [
        'REGEDIT4',
        '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]',
        '"UBR"=dword:00000d8d',
        '"CurrentBuildNumber"="17763"',
        '"InstallationType"="Server Core"',
        '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full]',
        '"Release"=dword:00080ff4',
        '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319\\System.Net.ServicePointManager.SecurityProtocol]',
        '"C:\\\\Program Files\\\\App\\\\svc.exe"="Tls, Tls11"',
        '',
      ].join('\n'),
    )
    const script = readFileSync(new URL('../../src/host/collect/windows.cmd', import.meta.url), 'utf8')
    writeFileSync(join(folder, 'collect.cmd'), script.replace(/\r?\n/g, '\r\n'))
    const { output } = await run('cmd', '/c', 'collect.cmd')
    const file = /tlsunset-host-[^\s\\]+\.reg/.exec(output)![0]
    const host = readHostExport(file, readFileSync(join(folder, file)))!
    expect(host.problems).toEqual([])
    expect(host.windows).toMatchObject({ ubr: 3469, osBits: 64, windows: { id: 'ws2019' } })
    expect(host.netfx).toBe('4.8')
    expect(evaluateHost(host, TLS_1_2).consumers.map(({ title }) => title)).toContain(
      'C:\\Program Files\\App\\svc.exe (no target named)',
    )
  },
  180_000,
)

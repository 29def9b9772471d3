import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerFacts } from '../../src/host/facts.ts'
import { TLS_1_2 } from '../../src/model/version.ts'
import { type Gateway, hasProgram, makeCertificate, startGateway } from './peer.ts'

const lacks = !hasProgram('mono', 'mcs') ? 'mono-mcs' : !hasProgram('openssl') ? 'openssl' : ''

let folder: string
let gateway: Gateway

beforeAll(async () => {
  if (lacks) return
  folder = mkdtempSync(join(tmpdir(), 'tlsunset-mono-'))
  makeCertificate(folder)
  writeFileSync(join(folder, 'client.cs'), program)
  execFileSync('mcs', ['-out:client.exe', 'client.cs'], { cwd: folder, stdio: 'ignore' })
  gateway = await startGateway(folder)
})

afterAll(async () => {
  if (lacks) return
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const lines = {
  pinned: 'ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;',
  none: '',
  named: 'ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;',
  number: 'ServicePointManager.SecurityProtocol = (SecurityProtocolType)3072;',
}

/** Takes an address and which of the lines it goes by. */
const program = `using System; using System.Net;
class Client {
  static int Main(string[] args) {
    ServicePointManager.ServerCertificateValidationCallback = (a, b, c, d) => true;
    switch (args[1]) {
${Object.entries(lines)
  .map(([name, line]) => `      case "${name}": ${line} break;`)
  .join('\n')}
      default: return 3;
    }
    try {
      using (var answer = (HttpWebResponse)WebRequest.Create(args[0]).GetResponse()) return answer.StatusCode == HttpStatusCode.OK ? 0 : 2;
    } catch (WebException) { return 1; }
  }
}`

/** Exit code of a .NET program that runs this line first, against a service that wants TLS 1.2. */
function runWith(line: keyof typeof lines): Promise<number> {
  return new Promise(done => {
    const words = ['client.exe', `https://localhost:${gateway.port}/`, line]
    const child = execFile('mono', words, { cwd: folder }, () => done(child.exitCode ?? -1))
  })
}

const facts = (code: object) => ({
  id: 'x',
  os: 'win10-22h2',
  stack: 'dotnet',
  inputs: { app: { runtime: 'netfx', installed: '4.8', target: '4.8', api: 'HttpWebRequest', ...code } },
})

test.skipIf(lacks)(
  `a pinned line is refused and each advised change of it passes, as the evaluation says${lacks && ` (skipped: no ${lacks})`}`,
  async () => {
    const pinned = { code: { 'ServicePointManager.SecurityProtocol': 'Tls' } }
    expect(answerFacts(facts(pinned), TLS_1_2).breaks).toBe('yes')
    expect(await runWith('pinned')).toBe(1)
    expect(gateway.refused).toEqual(['ERR_SSL_UNSUPPORTED_PROTOCOL'])

    expect(answerFacts(facts({}), TLS_1_2).breaks).toBe('no')
    expect(await runWith('none')).toBe(0)
    const named = { code: { 'ServicePointManager.SecurityProtocol': 'Tls12' } }
    expect(answerFacts(facts(named), TLS_1_2).breaks).toBe('no')
    expect(await runWith('named')).toBe(0)
    expect(await runWith('number')).toBe(0)
    expect(gateway.accepted).toEqual(['TLSv1.2', 'TLSv1.2', 'TLSv1.2'])
  },
  60_000,
)

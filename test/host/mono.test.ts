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
  gateway = await startGateway(folder)
})

afterAll(async () => {
  if (lacks) return
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const program = (line: string) => `using System; using System.Net;
class Client {
  static int Main(string[] args) {
    ServicePointManager.ServerCertificateValidationCallback = (a, b, c, d) => true;
    ${line}
    try {
      using (var answer = (HttpWebResponse)WebRequest.Create(args[0]).GetResponse()) return answer.StatusCode == HttpStatusCode.OK ? 0 : 2;
    } catch (WebException) { return 1; }
  }
}`

/** Exit code of a .NET program with this line in it, against a service that wants TLS 1.2. */
async function runWith(line: string): Promise<number> {
  const name = `client${gateway.accepted.length}-${gateway.refused.length}`
  writeFileSync(join(folder, `${name}.cs`), program(line))
  execFileSync('mcs', [`-out:${name}.exe`, `${name}.cs`], { cwd: folder, stdio: 'ignore' })
  return new Promise(done => {
    const child = execFile(
      'mono',
      [`${name}.exe`, `https://localhost:${gateway.port}/`],
      { cwd: folder },
      () => done(child.exitCode ?? -1),
    )
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
    expect(await runWith('ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;')).toBe(1)
    expect(gateway.refused).toEqual(['ERR_SSL_UNSUPPORTED_PROTOCOL'])

    expect(answerFacts(facts({}), TLS_1_2).breaks).toBe('no')
    expect(await runWith('')).toBe(0)
    const named = { code: { 'ServicePointManager.SecurityProtocol': 'Tls12' } }
    expect(answerFacts(facts(named), TLS_1_2).breaks).toBe('no')
    expect(await runWith('ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;')).toBe(0)
    expect(await runWith('ServicePointManager.SecurityProtocol = (SecurityProtocolType)3072;')).toBe(0)
    expect(gateway.accepted).toEqual(['TLSv1.2', 'TLSv1.2', 'TLSv1.2'])
  },
  60_000,
)

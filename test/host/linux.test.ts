import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { breaksAt } from '../../src/host/answer.ts'
import { linuxConsumersOf } from '../../src/host/linux.ts'
import { type LinuxFile, linuxFileOf } from '../../src/host/linux-files.ts'
import { linuxFiles, planLinuxRemedy } from '../../src/host/linux-remedy.ts'
import { TLS_1_2, TLS_1_3, versionName } from '../../src/model/version.ts'
import { type Gateway, hasProgram, makeCertificate, startGateway } from './peer.ts'

let folder: string
let gateway: Gateway
const noOpenssl = !hasProgram('openssl')

beforeAll(async () => {
  if (noOpenssl) return
  folder = mkdtempSync(join(tmpdir(), 'tlsunset-linux-'))
  makeCertificate(folder)
  gateway = await startGateway(folder)
})

afterAll(async () => {
  if (noOpenssl) return
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const linux = (file: LinuxFile) => ({
  release: 'Linux',
  facts: new Map([['jvm', ['17.0.1 /jvm']]]),
  files: [file],
})

/** Runs a client with an environment; the version of the connection that came through, or `refused`. */
async function connect(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const before = gateway.accepted.length
  await new Promise<void>(done => {
    const child = execFile(
      command,
      args,
      { env: { ...process.env, ...env }, cwd: folder, timeout: 30_000 },
      () => done(),
    )
    child.stdin?.end()
  })
  return gateway.accepted.length > before ? gateway.accepted.at(-1)! : 'refused'
}

/** Writes the file of a machine and its drop-in, whose includes point at the first. */
function prepare(kind: LinuxFile['kind'], name: string, text: string): { before: string; after: string } {
  const before = join(folder, name)
  writeFileSync(before, text)
  const file: LinuxFile = { kind, path: before, text }
  const [consumer] = linuxConsumersOf(linux(file))
  expect(breaksAt(consumer!.answer, TLS_1_2)).toBe('yes')
  const remedy = planLinuxRemedy(linux(file), TLS_1_2)
  expect(remedy.remaining).toEqual([])
  const after = join(folder, `after-${name}`)
  writeFileSync(after, String(remedy.dropIns[0]!.file.content))
  expect(linuxFiles(remedy).map(({ path }) => path)).toContain('tlsunset.conf')
  return { before, after }
}

const opensslText = `openssl_conf = start
[start]
ssl_conf = ssl
[ssl]
system_default = sys
[sys]
MinProtocol = TLSv1
MaxProtocol = TLSv1.1 # an old partner
CipherString = DEFAULT:@SECLEVEL=0
`

test.skipIf(noOpenssl)(
  `OpenSSL follows its drop-in${noOpenssl ? ' (skipped: no openssl)' : ''}`,
  async () => {
    const { before, after } = prepare('openssl', 'openssl.cnf', opensslText)
    const args = ['s_client', '-connect', `127.0.0.1:${gateway.port}`]
    expect(await connect('openssl', args, { OPENSSL_CONF: before })).toBe('refused')
    expect(await connect('openssl', args, { OPENSSL_CONF: after })).toBe('TLSv1.3')
  },
)

const noGnutls = noOpenssl || !hasProgram('gnutls-cli')
test.skipIf(noGnutls)(
  `GnuTLS follows its drop-in${noGnutls ? ' (skipped: no gnutls-cli)' : ''}`,
  async () => {
    const text =
      '[overrides]\ndisabled-version = tls1.3\ndisabled-version = tls1.2\ndisabled-version = tls1.0\n'
    const { before, after } = prepare('gnutls', 'gnutls.conf', text)
    const args = ['--insecure', '-p', String(gateway.port), '127.0.0.1']
    expect(await connect('gnutls-cli', args, { GNUTLS_SYSTEM_PRIORITY_FILE: before })).toBe('refused')
    expect(await connect('gnutls-cli', args, { GNUTLS_SYSTEM_PRIORITY_FILE: after })).toBe('TLSv1.3')
  },
)

const java = `import javax.net.ssl.*; import java.security.cert.X509Certificate;
public class Client { public static void main(String[] a) throws Exception {
  TrustManager[] all = { new X509TrustManager() {
    public void checkClientTrusted(X509Certificate[] c, String s) {} public void checkServerTrusted(X509Certificate[] c, String s) {}
    public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; } } };
  SSLContext context = SSLContext.getInstance("TLS"); context.init(null, all, null);
  ((SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", Integer.parseInt(a[0]))).startHandshake();
} }`

const noJava = noOpenssl || !hasProgram('java', 'javac')
test.skipIf(noJava)(
  `Java follows its drop-in${noJava ? ' (skipped: no JDK)' : ''}`,
  async () => {
    const text = 'jdk.tls.disabledAlgorithms=SSLv3, TLSv1.2, \\\n    TLSv1.3, RC4\n'
    const { before, after } = prepare('java', 'java.security', text)
    writeFileSync(join(folder, 'Client.java'), java)
    const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto']
    const args = [...quickStart, 'Client.java', String(gateway.port)]
    const options = (file: string) => ({ JAVA_TOOL_OPTIONS: `-Djava.security.properties=${file}` })
    expect(await connect('java', args, options(before))).toBe('refused')
    expect(await connect('java', args, options(after))).toBe('TLSv1.3')
  },
  90_000,
)

test.each([
  ['/etc/ssl/openssl.cnf', 'openssl'],
  ['/etc/crypto-policies/back-ends/opensslcnf.config', 'openssl'],
  ['/etc/crypto-policies/config', 'crypto-policies'],
  ['/etc/gnutls/config', 'gnutls'],
  ['/usr/lib/jvm/x/conf/security/java.security', 'java'],
  ['/etc/passwd', undefined],
])('%s is known by its place', (path, kind) => {
  expect(linuxFileOf(path)).toBe(kind)
})

test.each([
  ['openssl', '/etc/ssl/openssl.cnf', opensslText, 'TLS 1.0, TLS 1.1'],
  [
    'openssl',
    '/etc/crypto-policies/back-ends/opensslcnf.config',
    'TLS.MinProtocol = TLSv1.2\nTLS.MaxProtocol = TLSv1.3\n',
    'TLS 1.2, TLS 1.3',
  ],
  ['crypto-policies', '/etc/crypto-policies/config', '# set\nDEFAULT\n', 'TLS 1.2, TLS 1.3'],
  ['crypto-policies', '/etc/crypto-policies/config', 'LEGACY\n', 'TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3'],
  [
    'gnutls',
    '/etc/gnutls/config',
    '[priorities]\nSYSTEM=NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0\n',
    'TLS 1.0, TLS 1.1',
  ],
  [
    'java',
    '/jvm/conf/security/java.security',
    'jdk.tls.disabledAlgorithms=SSLv3, TLSv1, TLSv1.1\n',
    'TLS 1.2, TLS 1.3',
  ],
] as const)('%s: %s is evaluated', (kind, path, text, offered) => {
  const [consumer] = linuxConsumersOf(linux({ kind, path, text }))
  expect(consumer!.answer.offered.map(versionName).join(', ')).toBe(offered)
})

test.each([
  ['1.6.0_45', 'yes'],
  ['1.7.0_80', 'yes'],
  ['1.8.0_202', 'no'],
  ['11.0.2', 'no'],
])('Java %s at TLS 1.2 breaks: %s; the floor is a parameter', (version, breaks) => {
  const file: LinuxFile = { kind: 'java', path: '/jvm/lib/security/java.security', text: '' }
  const [consumer] = linuxConsumersOf({
    release: 'Linux',
    facts: new Map([['jvm', [`${version} /jvm`]]]),
    files: [file],
  })
  expect(breaksAt(consumer!.answer, TLS_1_2)).toBe(breaks)
  expect(breaksAt(consumer!.answer, TLS_1_3)).toBe(version === '11.0.2' ? 'no' : 'yes')
})

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { labCertificates } from './certificates.ts'
import { findProgram } from './place.ts'
import { preparedFolder } from './prepared.ts'

/** Servers are often outside the PATH of people who are not root. */
export function findDaemon(name: string): string | undefined {
  return findProgram(name) ?? findProgram(name, '/usr/sbin:/usr/local/sbin')
}

/** The suites of TLS 1.2 and older that the system's OpenSSL makes of a cipher string, in its order. */
export function opensslSuites(text: string): string[] {
  const listed = execFileSync('openssl', ['ciphers', '-s', '-tls1_2', text], {
    encoding: 'utf8',
    env: { ...process.env, OPENSSL_CONF: '/dev/null' },
  })
  return listed.trim().split(':')
}

/** DHE parameters: the group ffdhe2048 of RFC 7919. */
export function dhParametersFile(): string {
  const folder = preparedFolder('dh', [labCertificates().caFile], at => {
    execFileSync(
      'openssl',
      ['genpkey', '-genparam', '-algorithm', 'DH', '-pkeyopt', 'group:ffdhe2048', '-out', 'dh.pem'],
      { cwd: at, stdio: 'pipe' },
    )
  })
  return join(folder, 'dh.pem')
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { labCertificates } from './certificates.ts'
import { type Engine, inYard, listens, until, type Yard } from './engine.ts'
import { dhParametersFile, findDaemon, opensslSuites } from './openssl-common.ts'
import { type LabServer, labServerOf, profileOf } from './profiles.ts'

/**
 * Every server of the lab is a `bind` on a socket of its own. Signature schemes came to `bind` with 2.8 only, so servers that share their
 * schemes share a process, which is told them by the configuration of OpenSSL.
 */
export const haproxy: Engine = {
  id: 'haproxy',
  title: 'HAProxy',
  needs: 'haproxy',
  missing: () => (findDaemon('haproxy') ? undefined : 'no haproxy'),
  /** https://docs.haproxy.org/2.6/configuration.html section 5.1 (November 2026): the library's suites, TLS 1.2 and newer, its own order. */
  shipped: () => [
    {
      ...labServerOf('tls12-plus'),
      id: 'haproxy-shipped',
      title: 'HAProxy as it ships',
      suites: opensslSuites('DEFAULT'),
      groups: ['X25519', 'P-256', 'X448', 'P-521', 'P-384'],
      choice: 'server',
      level: 2,
      dh: true,
      asShipped: true,
    },
  ],
  cannot: () => undefined,
  start: servers =>
    inYard(async yard => {
      const at = new Map(servers.map(server => [server.id, join(yard.folder, `${server.id}.sock`)]))
      const bySchemes = new Map<string, LabServer[]>()
      for (const server of servers) {
        const key = server.asShipped ? '' : server.schemes.join(':')
        bySchemes.set(key, [...(bySchemes.get(key) ?? []), server])
      }
      await Promise.all(
        [...bySchemes].map(async ([schemes, some], i) => {
          const config = join(yard.folder, `${i}.cfg`)
          writeFileSync(config, configOf(some, at, yard))
          const openssl = join(yard.folder, `${i}.cnf`)
          writeFileSync(openssl, opensslConfig(schemes))
          const started = yard.run(findDaemon('haproxy')!, ['-db', '-f', config], { OPENSSL_CONF: openssl })
          for (const server of some) await until(started, 'haproxy', () => listens(at.get(server.id)!))
        }),
      )
      const profiles = new Map(
        servers.map(server => [server.id, { ...profileOf(server), engine: 'haproxy' as const }]),
      )
      return { at, profiles }
    }),
}

function opensslConfig(schemes: string): string {
  if (schemes === '') return ''
  return `openssl_conf = main
[main]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
SignatureAlgorithms = ${schemes}
`
}

function configOf(servers: readonly LabServer[], at: Map<string, string>, yard: Yard): string {
  return `global
  maxconn 400
defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 10s
${servers
  .map(
    server => `frontend ${server.id}
  bind unix@${at.get(server.id)} ssl ${bindOptions(server, yard)}
  http-request return status 200 content-type text/plain string "hello from the lab"
`,
  )
  .join('')}`
}

function bindOptions(server: LabServer, yard: Yard): string {
  const certificates = server.certificates.map(kind => `crt ${pemOf(server, kind, yard)}`)
  if (server.asShipped) return certificates.join(' ')
  const version = (text: string) => (text === 'TLSv1' ? 'TLSv1.0' : text)
  return [
    ...certificates,
    `ssl-min-ver ${version(server.min)} ssl-max-ver ${version(server.max)}`,
    `ciphers ${[...server.suites, `@SECLEVEL=${server.level}`].join(':')}`,
    `ciphersuites ${server.suitesTls13.join(':')}`,
    `curves ${server.groups.join(':')}`,
    ...(server.requiresSni ? ['strict-sni'] : []),
    ...(server.choice === 'client' ? ['prefer-client-ciphers'] : []),
  ].join(' ')
}

/** Certificate, key and, for DHE, parameters, in one file. */
function pemOf(server: LabServer, kind: LabServer['certificates'][number], yard: Yard): string {
  const { cert, key } = labCertificates().leaf[kind]
  const folder = join(yard.folder, server.id)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${kind}.pem`)
  writeFileSync(path, `${cert}${key}${server.dh ? readFileSync(dhParametersFile(), 'utf8') : ''}`)
  return path
}

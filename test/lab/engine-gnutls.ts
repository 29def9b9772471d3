import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { groupByName } from '../../src/model/iana/groups.ts'
import { schemeByName } from '../../src/model/iana/schemes.ts'
import { suiteByName, suiteOf } from '../../src/model/iana/suites.ts'
import type { ServerProfile } from '../../src/model/prediction.ts'
import { TLS_1_3 } from '../../src/model/version.ts'
import { labCertificates } from './certificates.ts'
import { type Engine, inYard, type Started, until } from './engine.ts'
import { dhParametersFile, findDaemon } from './openssl-common.ts'
import { type LabServer, labServerOf, nodeVersions, profileOf } from './profiles.ts'

/**
 * gnutls-serv, one process per server. Its priority strings name algorithms, not suites, so a list of suites becomes everything that can be
 * made of their parts; what that is, gnutls-cli tells, in its order.
 */
export const gnutls: Engine = {
  id: 'gnutls',
  title: 'gnutls-serv',
  needs: 'gnutls-bin',
  missing() {
    if (process.platform !== 'linux') return 'ports are looked up in /proc'
    return findDaemon('gnutls-serv') && findDaemon('gnutls-cli') ? undefined : 'no gnutls-serv'
  },
  shipped: () => [
    { ...labServerOf('tls10-plus'), id: 'gnutls-shipped', title: 'GnuTLS: NORMAL', asShipped: true },
  ],
  cannot(server) {
    if (server.requiresSni) return 'gnutls-serv does not insist on a name'
    const group = server.groups.find(name => groupWords[name] === undefined)
    return group && `no group ${group}`
  },
  start: servers =>
    inYard(async yard => {
      const { leaf } = labCertificates()
      const at = new Map(
        await Promise.all(
          servers.map(async server => {
            const started = yard.run(findDaemon('gnutls-serv')!, [
              // Any free port. It listens on all addresses and has no option for one.
              ...[
                '--port',
                '0',
                '--http',
                '--quiet',
                '--disable-client-cert',
                '--priority',
                priorityOf(server),
              ],
              ...(server.dh ? ['--dhparams', dhParametersFile()] : []),
              ...server.certificates.flatMap(kind => [
                '--x509certfile',
                leaf[kind].certFile,
                '--x509keyfile',
                leaf[kind].keyFile,
              ]),
            ])
            return [server.id, await until(started, 'gnutls-serv', () => portOf(started))] as const
          }),
        ),
      )
      return { at, profiles: new Map(servers.map(server => [server.id, profileFrom(server)])) }
    }),
}

const versionWords = { TLSv1: 'TLS1.0', 'TLSv1.1': 'TLS1.1', 'TLSv1.2': 'TLS1.2', 'TLSv1.3': 'TLS1.3' }
const groupWords: Record<string, string> = {
  X25519: 'X25519',
  X448: 'X448',
  'P-256': 'SECP256R1',
  'P-384': 'SECP384R1',
  'P-521': 'SECP521R1',
}
const schemeWords: Record<string, string[]> = {
  ecdsa_secp256r1_sha256: ['ECDSA-SHA256', 'ECDSA-SECP256R1-SHA256'],
  ecdsa_secp384r1_sha384: ['ECDSA-SHA384', 'ECDSA-SECP384R1-SHA384'],
  ecdsa_secp521r1_sha512: ['ECDSA-SHA512', 'ECDSA-SECP521R1-SHA512'],
  ed25519: ['EdDSA-Ed25519'],
  rsa_pss_rsae_sha256: ['RSA-PSS-RSAE-SHA256'],
  rsa_pss_rsae_sha384: ['RSA-PSS-RSAE-SHA384'],
  rsa_pss_rsae_sha512: ['RSA-PSS-RSAE-SHA512'],
  rsa_pss_pss_sha256: ['RSA-PSS-SHA256'],
  rsa_pss_pss_sha384: ['RSA-PSS-SHA384'],
  rsa_pss_pss_sha512: ['RSA-PSS-SHA512'],
  rsa_pkcs1_sha256: ['RSA-SHA256'],
  rsa_pkcs1_sha384: ['RSA-SHA384'],
  rsa_pkcs1_sha512: ['RSA-SHA512'],
  rsa_pkcs1_sha1: ['RSA-SHA1'],
  ecdsa_sha1: ['ECDSA-SHA1'],
}

function priorityOf(server: LabServer): string {
  if (server.asShipped) return 'NORMAL'
  const words = new Set(['NONE', '+CTYPE-X509', '+COMP-NULL'])
  for (const version of nodeVersions(server)) words.add(`+VERS-${versionWords[version]}`)
  for (const name of [...server.suitesTls13, ...server.suites]) {
    const { cipher, bits, mode, hash, kx, auth, minVersion } = suiteByName(name)!
    words.add(cipher === 'CHACHA20' ? '+CHACHA20-POLY1305' : `+AES-${bits}-${mode === 'cbc' ? 'CBC' : 'GCM'}`)
    words.add(mode === 'aead' ? '+AEAD' : `+${hash.toUpperCase()}`)
    if (minVersion < TLS_1_3)
      words.add(kx === 'rsa' ? '+RSA' : kx === 'dhe' ? '+DHE-RSA' : `+ECDHE-${auth.toUpperCase()}`)
  }
  for (const name of server.groups) words.add(`+GROUP-${groupWords[name]}`)
  for (const name of server.schemes)
    for (const word of schemeWords[schemeByName(name)!.name]!) words.add(`+SIGN-${word}`)
  if (server.choice === 'server') words.add('%SERVER_PRECEDENCE')
  return [...words].join(':')
}

function profileFrom(server: LabServer): ServerProfile {
  const { suites, groups, schemes } = listOf(priorityOf(server))
  return {
    ...profileOf(server),
    engine: 'gnutls',
    suites: suites.filter(id => suiteOf(id)!.minVersion < TLS_1_3),
    suitesTls13: suites.filter(id => suiteOf(id)!.minVersion >= TLS_1_3),
    groups,
    signatureSchemes: schemes,
  }
}

/** What GnuTLS makes of a priority string. */
function listOf(priority: string): { suites: number[]; groups: number[]; schemes: number[] } {
  const text = execFileSync(findDaemon('gnutls-cli')!, ['--list', '--priority', priority], {
    encoding: 'utf8',
  })
  const suites = [...text.matchAll(/\t0x([0-9a-f]{2}), 0x([0-9a-f]{2})\t/g)].map(([, high, low]) =>
    Number.parseInt(`${high}${low}`, 16),
  )
  const wordsOf = (title: string) => new RegExp(`^${title}: (.*)$`, 'm').exec(text)?.[1]?.split(', ') ?? []
  const groups = wordsOf('Groups').flatMap(
    word => groupByName(word.replace(/^GROUP-/, '').toLowerCase())?.id ?? [],
  )
  const schemes = wordsOf('PK-signatures').flatMap(word => {
    const name = Object.keys(schemeWords).find(known =>
      schemeWords[known]!.includes(word.replace(/^SIGN-/, '')),
    )
    return name === undefined ? [] : [schemeByName(name)!.id]
  })
  return { suites: suites.filter(id => suiteOf(id) !== undefined), groups, schemes: [...new Set(schemes)] }
}

/** The IPv4 port on which the process listens, as the kernel tells: it has been asked for any, and does not say which it got. */
function portOf({ pid }: Started): number | undefined {
  const inodes = new Set<string>()
  try {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
      if (inode) inodes.add(inode)
    }
  } catch {
    return undefined
  }
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    if (state === '0A' && inodes.has(inode)) return Number.parseInt(local.split(':')[1]!, 16)
  }
  return undefined
}

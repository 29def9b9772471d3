import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { groupByName } from '../../src/model/iana/groups.ts'
import { schemeByName } from '../../src/model/iana/schemes.ts'
import { suiteByName, suiteName, suiteOf } from '../../src/model/iana/suites.ts'
import type { ServerProfile } from '../../src/model/prediction.ts'
import { parseVersion, TLS_1_3 } from '../../src/model/version.ts'
import { labCertificates } from './certificates.ts'
import { type Engine, inYard, until, type Yard } from './engine.ts'
import { findProgram } from './place.ts'
import { preparedFolder } from './prepared.ts'
import { type LabServer, labServerOf, nodeVersions, profileOf } from './profiles.ts'

const source = fileURLToPath(new URL('../../cases/servers/Server.java', import.meta.url))

/**
 * SSLServerSocket. Versions, suites and order are set per socket, groups and signature schemes for the whole machine (Java 17 has nothing
 * else), so servers that share those share a machine.
 */
export const java: Engine = {
  id: 'java',
  title: 'Java SSLServerSocket',
  needs: 'default-jdk-headless',
  triesEvery: 3,
  missing: () => (findProgram('java') && findProgram('javac') ? undefined : 'no java and javac'),
  shipped: () => [
    { ...labServerOf('tls12-plus'), id: 'java-shipped', title: 'Java as it ships', asShipped: true },
  ],
  cannot(server) {
    if (server.id === 'tls10-half-enabled') return 'Java has no security levels'
    if (server.requiresSni) return 'Java does not insist on a name'
    const group = server.groups.find(name => !/^(P-|X)/.test(name))
    return group && `no group ${group}`
  },
  isSlow(server) {
    const shared = [labServerOf('tls10-plus'), labServerOf('tls12-plus')].map(machineOf)
    return !server.asShipped && !shared.includes(machineOf(server))
  },
  start: servers =>
    inYard(async yard => {
      const folder = preparedFolder('java-server', [source], at => {
        execFileSync('javac', ['-d', at, source], { stdio: 'pipe' })
      })
      const machines = new Map<string, LabServer[]>()
      for (const server of servers) {
        const key = machineOf(server)
        machines.set(key, [...(machines.get(key) ?? []), server])
      }
      const at = new Map<string, number>()
      const profiles = new Map<string, ServerProfile>()
      await Promise.all(
        [...machines.values()].map(async (some, i) => {
          for (const said of await startMachine(yard, folder, `machine-${i}`, some)) {
            const [id = '', port = '', protocols = '', suites = '', order = ''] = said.split(' ')
            const server = some.find(known => known.id === id)!
            at.set(id, Number(port))
            profiles.set(id, profileFrom(server, protocols.split(','), suites.split(','), order === 'server'))
          }
        }),
      )
      return { at, profiles }
    }),
}

/** Servers of which this is the same can share a machine. */
function machineOf(server: LabServer): string {
  return server.asShipped ? '' : `${server.groups} ${server.schemes}`
}

/** One Java machine with these servers; the lines that it prints about them. */
async function startMachine(
  yard: Yard,
  classes: string,
  name: string,
  servers: readonly LabServer[],
): Promise<string[]> {
  const first = servers[0]!
  const list = join(yard.folder, `${name}.txt`)
  writeFileSync(list, servers.map(server => `${lineOf(server)}\n`).join(''))
  const security = join(yard.folder, 'legacy.security')
  writeFileSync(security, 'jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n')
  const started = yard.run('java', [
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-cp', classes],
    ...(first.asShipped
      ? []
      : [
          `-Djava.security.properties=${security}`,
          `-Djdk.tls.namedGroups=${first.groups.map(group => groupByName(group)!.name).join(',')}`,
          `-Djdk.tls.server.SignatureSchemes=${first.schemes.map(scheme => schemeByName(scheme)!.name).join(',')}`,
        ]),
    'Server',
    list,
  ])
  const output = await until(started, 'java', () =>
    started.output().includes('\nready\n') ? started.output() : undefined,
  )
  return output.split('\n').filter(line => /^\S+ \d+ /.test(line))
}

/** The line of Server.java. */
function lineOf(server: LabServer): string {
  const { leaf } = labCertificates()
  const algorithms = {
    rsa: 'RSA',
    p256: 'EC',
    p384: 'EC',
    p521: 'EC',
    ed25519: 'Ed25519',
    pss: 'RSASSA-PSS',
  }
  const keys = server.certificates
    .map(kind => `${algorithms[kind]} ${leaf[kind].certFile} ${leaf[kind].keyFile}`)
    .join(',')
  if (server.asShipped) return `${server.id}||||${keys}`
  const suites = [...server.suitesTls13, ...server.suites].map(name => suiteName(suiteByName(name)!.id))
  return `${server.id}|${nodeVersions(server)}|${suites}|${server.choice}|${keys}`
}

/** The profile of the socket as Java describes it. */
function profileFrom(
  server: LabServer,
  protocols: string[],
  suites: string[],
  ownOrder: boolean,
): ServerProfile {
  const versions = protocols.map(name => parseVersion(name)!).sort((a, b) => a - b)
  const ids = suites.flatMap(name => suiteByName(name)?.id ?? [])
  // It makes DHE parameters of its own.
  const { groups, dhBits: _, ...profile } = profileOf(server)
  return {
    ...profile,
    engine: 'java',
    minVersion: versions[0]!,
    maxVersion: versions.at(-1)!,
    suites: ids.filter(id => suiteOf(id)!.minVersion < TLS_1_3),
    suitesTls13: ids.filter(id => suiteOf(id)!.minVersion >= TLS_1_3),
    suiteChoice: ownOrder ? 'server' : 'client',
    groups: server.asShipped ? shippedGroups : groups!,
  }
}

/** NamedGroup.SupportedGroups of OpenJDK 17, in its order. */
const shippedGroups = [
  'x25519',
  'secp256r1',
  'secp384r1',
  'secp521r1',
  'x448',
  'ffdhe2048',
  'ffdhe3072',
  'ffdhe4096',
  'ffdhe6144',
  'ffdhe8192',
].map(name => groupByName(name)!.id)

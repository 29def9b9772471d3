import { patternProblem } from '../attribution.ts'
import type { GatewaySettings } from '../policy.ts'
import type { RetirementFile } from '../retirement-schema.ts'
import { parseAddress } from './fields.ts'
import type { Notes } from './notes.ts'

/** What holds for a gateway of which the file says nothing else. `workers` 0: one per core, which the caller counts. */
export const gatewayDefaults: GatewaySettings = {
  listen: { host: '127.0.0.1', port: 8443 },
  workers: 0,
  upstreams: [],
  limits: {
    // Four records: hellos with post-quantum shares have about 2 KB, with many tickets and shares rarely 8.
    helloBytes: 65_536,
    helloTimeoutMs: 10_000,
    // Whole companies come from one address behind NAT.
    connectionsPerAddress: 1000,
    connections: 20_000,
    idleTimeoutMs: 300_000,
    connectTimeoutMs: 5000,
    drainTimeoutMs: 30_000,
  },
}

export function readGateway(entry: NonNullable<RetirementFile['gateway']>, notes: Notes): GatewaySettings {
  const listen = entry.listen === undefined ? gatewayDefaults.listen : parseAddress(entry.listen)
  if (listen === undefined)
    notes.problem(
      ['gateway', 'listen'],
      `${entry.listen} is no address with a port`,
      'write 127.0.0.1:8443, [::1]:8443 or 0.0.0.0:443',
    )
  const upstreams = entry.upstreams.flatMap((upstream, i): GatewaySettings['upstreams'] => {
    const sni = upstream.sni ?? '*'
    const wrong = sni === '*' ? undefined : patternProblem(sni)
    if (wrong) notes.problem(['gateway', 'upstreams', i, 'sni'], `${sni} ${wrong}`)
    const to = parseAddress(upstream.to)
    if (to === undefined || to.port === 0)
      notes.problem(
        ['gateway', 'upstreams', i, 'to'],
        `${upstream.to} is no address with a port`,
        'write 10.0.0.5:443 or backend.internal:443',
      )
    return to ? [{ sni, to, proxyProtocol: upstream.proxyProtocol ?? 'none' }] : []
  })
  const first = entry.upstreams.findIndex(upstream => (upstream.sni ?? '*') === '*')
  if (first >= 0 && first < entry.upstreams.length - 1)
    notes.warn(
      ['gateway', 'upstreams', first + 1],
      'never used: the upstream before it takes every name',
      'put the one with sni: * last',
    )
  return {
    listen: listen ?? gatewayDefaults.listen,
    workers: entry.workers ?? gatewayDefaults.workers,
    upstreams,
    limits: { ...gatewayDefaults.limits, ...entry.limits },
  }
}

import { whoIs } from '../../model/attribution/who.ts'
import { brownoutAt, decide } from '../../model/decide.ts'
import type { Failure } from '../../model/observation.ts'
import type { GatewaySettings, Policy } from '../../model/policy.ts'
import type { HelloShape } from '../../model/usage.ts'
import { fragmentWithoutHello } from '../../spool/line.ts'
import type { SpoolWriter } from '../../spool/writer.ts'
import { peekHello } from '../../wire/peek.ts'
import { type Connection, type Counts, type Decided, noCounts } from './connection.ts'
import { helloKey } from './hello-key.ts'
import { proxyHeader } from './proxy-v2.ts'
import {
  type Address,
  adopt,
  connect,
  finish,
  type Link,
  type LinkRole,
  localAddress,
  peerAddress,
  send,
} from './raw-tcp.ts'
import { alertForBroken, HANDSHAKE_FAILURE, INTERNAL_ERROR, refusal, UNRECOGNIZED_NAME } from './refusal.ts'
import { openRelay } from './relay.ts'
import { openSightings, type Sighting, type Sightings, serviceOf } from './sightings.ts'
import { openUpstreams, turn, type Upstream, type Upstreams } from './upstreams.ts'

/** The part of a gateway worker that handles connections: everything but its listening socket, its process and its file. */
export interface Gateway {
  accept(link: Link): void
  /** Takes effect for the next hello; connections that are open go on, unless a brownout drains them. */
  setPolicy(policy: Policy): void
  /** Lets open connections end by themselves for `drainTimeoutMs`, then closes the rest. Nothing new may be accepted meanwhile. */
  drain(): Promise<void>
  counts(): Counts
  /** Troubles of upstreams at this moment, one line each. */
  troubles(): string[]
}

/** How long a refused client may take to read its alert and close; what it still sends is read and thrown away, up to a bound. */
const lingerMs = 2_000
const sweepMs = 100
/** What a client may send after its hello before its upstream answers the call; early data is rarely more than 16 KB. */
const mostHeadBytes = 1 << 16
const noPeer: Address = { address: '', port: 0 }

export function openGateway({
  policy: first,
  settings: firstSettings,
  spool,
  mostConnections,
  onTrouble,
  now = Date.now,
}: {
  policy: Policy
  settings: GatewaySettings
  spool: SpoolWriter
  /** What the process can have open at all, whatever the settings say. */
  mostConnections: number
  /** Hears when an upstream stops to answer and when it answers again. */
  onTrouble: (text: string) => void
  now?: () => number
}): Gateway {
  const connections = new Set<Connection>()
  const perAddress = new Map<string, number>()
  const shapes = new Map<string, HelloShape>()
  const counts = noCounts()

  let policy: Policy
  let limits: GatewaySettings['limits']
  let upstreams: Upstreams | undefined
  let sightings: Sightings
  /** Columns of rows for connections that showed no hello. */
  let namelessFragment: string
  let drainDoneMs = Number.POSITIVE_INFINITY
  let nextChangeMs = Number.POSITIVE_INFINITY

  function setPolicy(next: Policy, settings = next.gateway): void {
    policy = next
    if (settings) {
      limits = settings.limits
      const before = upstreams
      upstreams = openUpstreams(settings.upstreams, before)
      before?.stop()
    }
    sightings = openSightings(policy, upstreams!.route, shapes)
    const origin = { service: serviceOf(policy), source: 'gateway' }
    namelessFragment = fragmentWithoutHello(origin)
    spool.setOrigin(origin)
    nextChangeMs = sightings.nextChangeMs(now())
    drainForBrownout()
  }

  const decided: Decided = (connection, outcome, reason, answer) => {
    connection.isDecided = true
    const { sighting } = connection
    const { version = 0, suite = 0, group = 0 } = answer ?? {}
    spool.decided(
      connection.journal,
      { outcome, reason, negotiated: version, suite, group },
      sighting?.shape ?? null,
      sighting?.fragment ?? namelessFragment,
    )
    if (outcome === 'accepted') counts.accepted++
    else {
      const by = counts[outcome] as Record<string, number>
      by[reason] = (by[reason] ?? 0) + 1
    }
  }

  function close(connection: Connection): void {
    if (connection.phase === 'closed') return
    connection.phase = 'closed'
    connections.delete(connection)
    const others = perAddress.get(connection.peer.address)! - 1
    if (others === 0) perAddress.delete(connection.peer.address)
    else perAddress.set(connection.peer.address, others)
    relay.part(connection)
    connection.client.close()
    connection.upstream?.close()
  }

  function fail(connection: Connection, reason: Failure): void {
    if (!connection.isDecided) decided(connection, 'failed', reason)
    close(connection)
  }

  const relay = openRelay({ decided, close, now })

  function accept(link: Link): void {
    const atMs = now()
    const journal = spool.opened(atMs)
    const peer = peerAddress(link) ?? noPeer
    journal.address = peer.address
    const connection: Connection = {
      client: link,
      upstream: null,
      peer,
      journal,
      phase: 'hello',
      deadlineMs: atMs + limits.helloTimeoutMs,
      lastMs: atMs,
      isDecided: false,
      sighting: null,
      hello: null,
      head: null,
      answers: null,
      answer: null,
      sentAlert: false,
      clientWaits: false,
      upstreamWaits: false,
      fromClient: 0,
      fromUpstream: 0,
      clientEnded: false,
      upstreamEnded: false,
    }
    counts.connections++
    const fromAddress = (perAddress.get(peer.address) ?? 0) + 1
    perAddress.set(peer.address, fromAddress)
    connections.add(connection)
    adopt(link, connection, beforeHello)
    if (connections.size > Math.min(limits.connections, mostConnections))
      fail(connection, 'limit-connections')
    else if (fromAddress > limits.connectionsPerAddress) fail(connection, 'limit-address')
    else if (peer === noPeer) fail(connection, 'closed-without-hello')
    else {
      link.setNoDelay(true)
      link.readStart()
    }
  }

  const beforeHello: LinkRole = {
    bytes(link, bytes) {
      const connection = link.owner as Connection
      const atMs = now()
      connection.lastMs = atMs
      const key = connection.hello === null && bytes.length <= limits.helloBytes ? helloKey(bytes) : undefined
      if (key !== undefined) {
        const sighting = sightings.find(key, atMs, connection.peer.address)
        if (sighting) {
          act(connection, sighting, bytes)
          return
        }
      }
      connection.hello ??= peekHello({ maxBytes: limits.helloBytes })
      const seen = connection.hello.push(bytes)
      if (seen.kind === 'client-hello')
        act(
          connection,
          sightings.see(seen.hello.offer, atMs, connection.peer.address, key),
          connection.hello.held(),
        )
      else if (seen.kind === 'not-tls') {
        counts.notTls[seen.looksLike] = (counts.notTls[seen.looksLike] ?? 0) + 1
        fail(connection, 'not-tls')
      } else if (seen.kind !== 'need') {
        const alert = alertForBroken(connection.hello.held())
        decided(connection, 'failed', seen.kind === 'too-large' ? 'hello-too-large' : 'hello-malformed')
        if (alert) part(connection, alert)
        else close(connection)
      }
    },
    end(link) {
      const connection = link.owner as Connection
      fail(connection, connection.hello === null ? 'closed-without-hello' : 'closed-in-hello')
    },
    sent() {},
    finished() {},
  }

  function act(connection: Connection, sighting: Sighting, hello: Uint8Array): void {
    connection.sighting = sighting
    connection.hello = null
    const { decision, offer } = sighting
    if (decision.action === 'refuse') {
      decided(connection, 'refused', decision.clause!)
      part(connection, refusal(offer, decision.alert))
    } else if (sighting.upstream === null) {
      decided(connection, 'failed', 'no-route')
      part(connection, refusal(offer, offer.sni === null ? HANDSHAKE_FAILURE : UNRECOGNIZED_NAME))
    } else {
      connection.phase = 'connecting'
      connection.deadlineMs = connection.lastMs + limits.connectTimeoutMs
      connection.head = hello
      connection.client.role = whileConnecting
      connectNext(connection, turn(sighting.upstream))
    }
  }

  /** Reading goes on, which costs less than to stop and start, and shows when the client gives up. */
  const whileConnecting: LinkRole = {
    bytes(link, bytes) {
      const connection = link.owner as Connection
      connection.head = Buffer.concat([connection.head!, bytes])
      if (connection.head.length > mostHeadBytes) link.readStop()
    },
    end: link => fail(link.owner as Connection, 'client-closed'),
    sent() {},
    finished() {},
  }

  /** Tries the addresses of the upstream one after the other. */
  function connectNext(connection: Connection, addresses: readonly string[]): void {
    const [address, ...others] = addresses
    const { upstream, offer } = connection.sighting!
    if (address === undefined) {
      if (upstream!.lookingUp === null) unreachable(connection)
      else
        upstream!.lookingUp.then(() => {
          if (connection.phase === 'connecting') connectNext(connection, turn(upstream!))
        })
      return
    }
    connection.upstream = connect(address, upstream!.port, (error, link) => {
      // Closed meanwhile, for instance because it took too long.
      if (connection.upstream !== link || connection.phase !== 'connecting') return
      if (error !== 0) {
        connection.upstream = null
        link.close()
        connectNext(connection, others)
        return
      }
      if (upstream!.isSilent) {
        upstream!.isSilent = false
        onTrouble(`the upstream ${nameOf(upstream!)} answers again`)
      }
      link.setNoDelay(true)
      adopt(link, connection, whileConnecting)
      const head =
        upstream!.proxyProtocol === 'v2'
          ? Buffer.concat([
              proxyHeader(connection.peer, localAddress(connection.client), offer.sni),
              connection.head!,
            ])
          : connection.head!
      connection.head = null
      const result = send(link, head)
      if (result < 0) fail(connection, 'upstream-closed')
      else {
        connection.upstreamWaits = result === 1
        relay.join(connection)
      }
    })
  }

  /** internal_error tells the client that the fault is the server's; a bare close would look like a refused version. */
  function unreachable(connection: Connection): void {
    connection.upstream?.close()
    connection.upstream = null
    decided(connection, 'failed', 'upstream-unreachable')
    part(connection, refusal(connection.sighting!.offer, INTERNAL_ERROR))
    const upstream = connection.sighting!.upstream!
    if (!upstream.isSilent) {
      upstream.isSilent = true
      onTrouble(silenceOf(upstream))
    }
  }

  /** Says a last word and leaves the client time to read it: closing at once, with bytes unread, would turn the alert into a reset. */
  function part(connection: Connection, lastWord: Uint8Array): void {
    const { client } = connection
    connection.phase = 'linger'
    connection.deadlineMs = now() + lingerMs
    client.role = lingering
    if (send(client, lastWord) < 0) {
      close(connection)
      return
    }
    finish(client)
    client.readStart()
  }

  const lingering: LinkRole = {
    bytes() {},
    end: link => close(link.owner as Connection),
    sent() {},
    finished() {},
  }

  /** Looks at every connection: cheaper than a timer for each, whose making and clearing every connection would pay. */
  function sweep(): void {
    const atMs = now()
    for (const connection of connections) {
      const isLate = atMs >= connection.deadlineMs
      const isIdle = atMs - connection.lastMs >= limits.idleTimeoutMs
      if (atMs >= drainDoneMs) fail(connection, 'shutdown')
      else if (connection.phase === 'hello' && isLate) fail(connection, 'hello-timeout')
      else if (connection.phase === 'connecting' && isLate) unreachable(connection)
      else if (connection.phase === 'linger' && isLate) close(connection)
      else if (connection.phase === 'answer' && isIdle) fail(connection, 'upstream-timeout')
      else if (connection.phase === 'relay' && isIdle) close(connection)
    }
    if (atMs >= nextChangeMs) {
      nextChangeMs = sightings.nextChangeMs(atMs)
      drainForBrownout()
    }
  }

  function drainForBrownout(): void {
    const atMs = now()
    if (brownoutAt(policy, atMs)?.open !== 'drain') return
    for (const connection of connections) {
      if (connection.phase !== 'relay') continue
      const { offer } = connection.sighting!
      const { who } = whoIs(policy, offer.sni, connection.peer.address)
      const decision = decide(policy, offer, who, atMs)
      if (decision.action !== 'refuse' || decision.rule !== 'brownout') continue
      counts.drained++
      close(connection)
    }
  }

  setPolicy(first, firstSettings)
  const sweeper = setInterval(sweep, sweepMs).unref()

  return {
    accept,
    setPolicy,
    async drain() {
      drainDoneMs = now() + limits.drainTimeoutMs
      while (connections.size > 0) await new Promise(resolve => setTimeout(resolve, sweepMs))
      clearInterval(sweeper)
      upstreams?.stop()
    },
    counts: () => ({ ...counts, open: connections.size }),
    troubles: () =>
      upstreams!.all.flatMap(upstream => [
        ...(upstream.trouble === '' ? [] : [upstream.trouble]),
        ...(upstream.isSilent ? [silenceOf(upstream)] : []),
      ]),
  }
}

function nameOf({ host, port }: Upstream): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function silenceOf(upstream: Upstream): string {
  return `the upstream ${nameOf(upstream)} does not answer: connections to it fail`
}

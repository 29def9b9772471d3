import { TLS_1_3 } from '../../model/version.ts'
import { ALERT } from '../../wire/record.ts'
import { answerAtOnce, peekAnswer } from './answer.ts'
import type { Connection, Decided } from './connection.ts'
import { finish, type Link, type LinkRole, readInto, reset, send } from './raw-tcp.ts'

export interface Relay {
  /** Joins both sides. The hello is on its way; nothing was read from the upstream yet. */
  join(connection: Connection): void
  /** To be told of every connection that is closed. */
  part(connection: Connection): void
}

/**
 * A direction that has moved `bulkBytes` reads into `bulkBufferBytes` of its own from then on: 1.7 times the bytes per CPU second of a fresh 64 KiB
 * for each read. Idle connections must not hold so much, hence not everybody from the start, and at most `mostBulkBuffers` in a worker.
 */
const bulkBytes = 1 << 20
const bulkBufferBytes = 1 << 18
const mostBulkBuffers = 128

/**
 * Copies bytes between client and upstream as they are, a half-closed direction at a time, never holding more than one read per direction. Until
 * the server has answered, its bytes are also looked at: the answer is the outcome of the connection.
 */
export function openRelay({
  decided,
  close,
  now,
}: {
  decided: Decided
  close: (connection: Connection) => void
  now: () => number
}): Relay {
  const owner = (link: Link) => link.owner as Connection

  /** False when the connection is over. */
  function toUpstream(connection: Connection, bytes: Uint8Array): boolean {
    const result = send(connection.upstream!, bytes)
    if (result === 0) return true
    if (result < 0) return breakOff(connection, connection.upstream!, result)
    connection.upstreamWaits = true
    connection.client.readStop()
    return true
  }

  function toClient(connection: Connection, bytes: Uint8Array): boolean {
    const result = send(connection.client, bytes)
    if (result === 0) return true
    if (result < 0) return breakOff(connection, connection.client, result)
    connection.clientWaits = true
    connection.upstream!.readStop()
    return true
  }

  function sent(link: Link, error: number): void {
    const connection = owner(link)
    if (connection.phase === 'closed') return
    if (error !== 0) {
      breakOff(connection, link, error)
      return
    }
    connection.lastMs = now()
    if (link === connection.client) {
      connection.clientWaits = false
      if (!connection.upstreamEnded) connection.upstream!.readStart()
    } else {
      connection.upstreamWaits = false
      if (!connection.clientEnded) connection.client.readStart()
    }
    closeWhenBothEnded(connection)
  }

  function end(link: Link, error: number): void {
    const connection = owner(link)
    if (connection.phase === 'closed') return
    if (error !== 0) {
      breakOff(connection, link, error)
      return
    }
    const isClient = link === connection.client
    if (isClient) connection.clientEnded = true
    else {
      connection.upstreamEnded = true
      if (!connection.isDecided) decideEnded(connection, false)
    }
    if (connection.clientEnded && connection.upstreamEnded) closeWhenBothEnded(connection)
    else finish(isClient ? connection.upstream! : connection.client)
  }

  function closeWhenBothEnded(connection: Connection): void {
    const isOver = connection.clientEnded && connection.upstreamEnded
    if (!isOver || connection.clientWaits || connection.upstreamWaits) return
    if (!connection.isDecided) decideEnded(connection, true)
    close(connection)
  }

  /** One side broke: the other hears a reset too, so that it does not take half a message for a whole. */
  function breakOff(connection: Connection, broken: Link, _error: number): false {
    if (!connection.isDecided) decideEnded(connection, broken === connection.client)
    const other = broken === connection.client ? connection.upstream! : connection.client
    reset(other)
    close(connection)
    return false
  }

  function decideEnded(connection: Connection, byClient: boolean): void {
    if (connection.answer) decided(connection, 'accepted', '', connection.answer)
    else if (connection.sentAlert) decided(connection, 'failed', 'client-alert')
    else
      decided(connection, 'failed', byClient || connection.clientEnded ? 'client-closed' : 'upstream-closed')
  }

  let bulkBuffers = 0

  function giveBuffer(link: Link): void {
    if (bulkBuffers >= mostBulkBuffers) return
    bulkBuffers++
    readInto(link, new Uint8Array(bulkBufferBytes))
  }

  const clientRelay: LinkRole = {
    bytes(link, bytes) {
      const connection = owner(link)
      connection.lastMs = now()
      if (!toUpstream(connection, bytes) || link.buffer !== null) return
      connection.fromClient += bytes.length
      if (connection.fromClient >= bulkBytes) giveBuffer(link)
    },
    end,
    sent,
    finished() {},
  }

  const upstreamRelay: LinkRole = {
    bytes(link, bytes) {
      const connection = owner(link)
      connection.lastMs = now()
      if (!toClient(connection, bytes) || link.buffer !== null) return
      connection.fromUpstream += bytes.length
      if (connection.fromUpstream >= bulkBytes) giveBuffer(link)
    },
    end,
    sent,
    finished() {},
  }

  const clientBeforeAnswer: LinkRole = {
    ...clientRelay,
    bytes(link, bytes) {
      const connection = owner(link)
      connection.lastMs = now()
      if (!toUpstream(connection, bytes)) return
      // The client only goes on when it has the server's whole flight; or it refuses what is in there, such as a certificate of another name.
      if (connection.answer) isFatalAlert(bytes) ? refusedByClient(connection) : settle(connection)
      else if (bytes[0] === ALERT) connection.sentAlert = true
    },
  }

  const upstreamBeforeAnswer: LinkRole = {
    ...upstreamRelay,
    bytes(link, bytes) {
      const connection = owner(link)
      connection.lastMs = now()
      if (!toClient(connection, bytes)) return
      if (connection.answers === null) {
        const answer = answerAtOnce(bytes)
        if (answer) {
          connection.answer = answer
          settle(connection)
          return
        }
        connection.answers = peekAnswer()
      }
      const seen = connection.answers.push(bytes)
      if (seen.kind === 'answer') {
        connection.answer = seen.answer
        // From here on TLS 1.3 is encrypted. Older clients say in the clear whether they go on: that is waited for.
        if (seen.answer.version === TLS_1_3) settle(connection)
      } else if (seen.kind !== 'need') {
        decided(connection, 'failed', seen.kind === 'alert' ? 'upstream-alert' : 'upstream-not-tls')
        startRelay(connection)
      }
    },
  }

  function settle(connection: Connection): void {
    decided(connection, 'accepted', '', connection.answer!)
    startRelay(connection)
  }

  function refusedByClient(connection: Connection): void {
    decided(connection, 'failed', 'client-alert', connection.answer!)
    startRelay(connection)
  }

  function startRelay(connection: Connection): void {
    connection.phase = 'relay'
    connection.answers = null
    connection.answer = null
    connection.client.role = clientRelay
    connection.upstream!.role = upstreamRelay
  }

  return {
    join(connection) {
      connection.phase = 'answer'
      connection.client.role = clientBeforeAnswer
      const upstream = connection.upstream!
      upstream.role = upstreamBeforeAnswer
      upstream.readStart()
      if (connection.upstreamWaits) connection.client.readStop()
      else connection.client.readStart()
    },
    part({ client, upstream }) {
      if (client.buffer !== null) bulkBuffers--
      if (upstream?.buffer) bulkBuffers--
    },
  }
}

/** Level 2. A warning does not end the handshake: clients of SSL 3.0 say `no_certificate` and go on. */
function isFatalAlert(bytes: Uint8Array): boolean {
  return bytes[0] === ALERT && bytes[5] === 2
}

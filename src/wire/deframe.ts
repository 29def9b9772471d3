import { ALERT, CHANGE_CIPHER_SPEC, HANDSHAKE, HEARTBEAT, maxRecordBytes } from './record.ts'

/** What a stream of records holds, told in wire order. Bodies are views into the bytes that were fed when they lay there in one piece. */
export interface DeframeHandler {
  /** True for handshake messages whose body is wanted; others are counted past without being kept. */
  wants(type: number): boolean
  message(type: number, body: Uint8Array, recordVersion: number): void
  alert(body: Uint8Array, recordVersion: number): void
  /** The header of a record of another type (change_cipher_spec, application data …), or of an alert that is no plain one. */
  record(type: number, recordVersion: number): void
  /** The stream stops here: `at` counts bytes since its start. */
  malformed(at: number, want: string): void
  /** A wanted message says that it is longer than the limit. */
  tooLarge(size: number): void
}

export interface Deframer {
  /** Takes the next bytes of the stream, those from `from` to `to`, or all; does nothing once stopped. */
  push(bytes: Uint8Array, from?: number, to?: number): void
  /** Ignores all that follows, for instance because it is encrypted. */
  stop(): void
  isStopped(): boolean
  /** Type of the handshake message that has begun and is not whole yet; null between messages. */
  inMessage(): number | null
}

/**
 * Takes records apart as they come, in pieces of any size: messages over several records, several in one, headers split anywhere. Keeps nothing but
 * the message in progress, at most `maxMessageBytes` of it.
 */
export function deframe(handler: DeframeHandler, maxMessageBytes = 2 ** 16): Deframer {
  let stopped = false
  let position = 0

  // Headers are numbers while they come, since they may be split anywhere: there is one of these for each direction of each connection.
  let recordHeaderFill = 0
  let recordType = 0
  let recordVersion = 0
  let recordLength = 0
  let recordLeft = 0

  let alertLevel = 0

  let messageHeaderFill = 0
  let messageType = 0
  let messageSize = 0
  let messageFill = 0
  let message: Uint8Array | null = null

  function push(bytes: Uint8Array, from = 0, to = bytes.length): void {
    let at = from
    while (at < to && !stopped) {
      if (recordLeft === 0) {
        readRecordHeader(bytes[at++]!)
        position++
        if (recordHeaderFill === 5) startRecord()
      } else {
        const end = Math.min(at + recordLeft, to)
        recordLeft -= end - at
        if (recordType === HANDSHAKE) readMessages(bytes, at, end)
        else if (recordType === ALERT) readAlert(bytes, at, end)
        position += end - at
        at = end
      }
    }
  }

  /** Content type, then major version 3, minor version and length. */
  function readRecordHeader(byte: number): void {
    const isWrong =
      recordHeaderFill === 0
        ? byte < CHANGE_CIPHER_SPEC || byte > HEARTBEAT
        : recordHeaderFill === 1 && byte !== 3
    if (isWrong) {
      stopped = true
      handler.malformed(position - recordHeaderFill, 'a TLS record')
      return
    }
    if (recordHeaderFill === 0) recordType = byte
    else if (recordHeaderFill < 3) recordVersion = ((recordVersion << 8) | byte) & 0xffff
    else recordLength = ((recordLength << 8) | byte) & 0xffff
    recordHeaderFill++
  }

  function startRecord(): void {
    recordHeaderFill = 0
    recordLeft = recordLength
    const emptyMessage = recordLeft === 0 && (recordType === HANDSHAKE || recordType === ALERT)
    if (recordLeft > maxRecordBytes || emptyMessage) {
      stopped = true
      const want = emptyMessage ? 'a record that is not empty' : `a record of at most ${maxRecordBytes} bytes`
      handler.malformed(position - 5, want)
    } else if (recordType === ALERT && recordLeft !== 2) {
      // Encrypted, or split, which no implementation does.
      recordType = 0
      handler.record(ALERT, recordVersion)
    } else if (recordType !== HANDSHAKE && recordType !== ALERT) handler.record(recordType, recordVersion)
  }

  function readAlert(bytes: Uint8Array, from: number, end: number): void {
    if (recordLeft > 0) alertLevel = bytes[from]!
    else {
      if (end - from === 2) alertLevel = bytes[from]!
      handler.alert(Uint8Array.of(alertLevel, bytes[end - 1]!), recordVersion)
    }
  }

  function readMessages(bytes: Uint8Array, from: number, end: number): void {
    let at = from
    while (at < end && !stopped) {
      if (messageHeaderFill < 4) {
        const byte = bytes[at++]!
        if (messageHeaderFill++ === 0) messageType = byte
        else messageSize = ((messageSize << 8) | byte) & 0xffffff
        if (messageHeaderFill < 4) continue
        messageFill = 0
        const wanted = handler.wants(messageType)
        if (wanted && messageSize > maxMessageBytes) {
          stopped = true
          handler.tooLarge(messageSize)
          return
        }
        if (wanted && end - at >= messageSize) {
          messageHeaderFill = 0
          handler.message(messageType, bytes.subarray(at, at + messageSize), recordVersion)
          at += messageSize
          continue
        }
        message = wanted ? new Uint8Array(Math.min(messageSize, 2048)) : null
      }
      const take = Math.min(messageSize - messageFill, end - at)
      if (message) message = append(message, messageFill, bytes.subarray(at, at + take), messageSize)
      messageFill += take
      at += take
      if (messageFill < messageSize) continue
      messageHeaderFill = 0
      const whole = message
      message = null
      if (whole) handler.message(messageType, whole.subarray(0, messageSize), recordVersion)
    }
  }

  return {
    push,
    stop: () => {
      stopped = true
    },
    isStopped: () => stopped,
    inMessage: () => (messageHeaderFill > 0 ? messageType : null),
  }
}

/** Grows with what has come, not with what was announced. */
function append(buffer: Uint8Array, fill: number, more: Uint8Array, most: number): Uint8Array {
  let target = buffer
  if (fill + more.length > buffer.length) {
    target = new Uint8Array(Math.min(most, Math.max(2 * buffer.length, fill + more.length)))
    target.set(buffer.subarray(0, fill))
  }
  target.set(more, fill)
  return target
}

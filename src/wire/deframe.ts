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
  return new RecordStream(handler, maxMessageBytes)
}

/** A class, since there is one for each direction of each connection of a capture: functions of its own would cost each more than its state. */
class RecordStream implements Deframer {
  private stopped = false
  private position = 0

  // Headers are numbers while they come, since they may be split anywhere.
  private recordHeaderFill = 0
  private recordType = 0
  private recordVersion = 0
  private recordLength = 0
  private recordLeft = 0

  private alertLevel = 0

  private messageHeaderFill = 0
  private messageType = 0
  private messageSize = 0
  private messageFill = 0
  private partial: Uint8Array | null = null

  private readonly handler: DeframeHandler
  private readonly maxMessageBytes: number

  constructor(handler: DeframeHandler, maxMessageBytes: number) {
    this.handler = handler
    this.maxMessageBytes = maxMessageBytes
  }

  push(bytes: Uint8Array, from = 0, to = bytes.length): void {
    let at = from
    while (at < to && !this.stopped) {
      if (this.recordLeft === 0) {
        this.readRecordHeader(bytes[at++]!)
        this.position++
        if (this.recordHeaderFill === 5) this.startRecord()
      } else {
        const end = Math.min(at + this.recordLeft, to)
        this.recordLeft -= end - at
        if (this.recordType === HANDSHAKE) this.readMessages(bytes, at, end)
        else if (this.recordType === ALERT) this.readAlert(bytes, at, end)
        this.position += end - at
        at = end
      }
    }
  }

  stop(): void {
    this.stopped = true
  }

  isStopped(): boolean {
    return this.stopped
  }

  inMessage(): number | null {
    return this.messageHeaderFill > 0 ? this.messageType : null
  }

  /** Content type, then major version 3, minor version and length. */
  private readRecordHeader(byte: number): void {
    const fill = this.recordHeaderFill
    const isWrong = fill === 0 ? byte < CHANGE_CIPHER_SPEC || byte > HEARTBEAT : fill === 1 && byte !== 3
    if (isWrong) {
      this.stopped = true
      this.handler.malformed(this.position - fill, 'a TLS record')
      return
    }
    if (fill === 0) this.recordType = byte
    else if (fill < 3) this.recordVersion = ((this.recordVersion << 8) | byte) & 0xffff
    else this.recordLength = ((this.recordLength << 8) | byte) & 0xffff
    this.recordHeaderFill = fill + 1
  }

  private startRecord(): void {
    const { recordType, recordLength, recordVersion } = this
    this.recordHeaderFill = 0
    this.recordLeft = recordLength
    const emptyMessage = recordLength === 0 && (recordType === HANDSHAKE || recordType === ALERT)
    if (recordLength > maxRecordBytes || emptyMessage) {
      this.stopped = true
      const want = emptyMessage ? 'a record that is not empty' : `a record of at most ${maxRecordBytes} bytes`
      this.handler.malformed(this.position - 5, want)
    } else if (recordType === ALERT && recordLength !== 2) {
      // Encrypted, or split, which no implementation does.
      this.recordType = 0
      this.handler.record(ALERT, recordVersion)
    } else if (recordType !== HANDSHAKE && recordType !== ALERT)
      this.handler.record(recordType, recordVersion)
  }

  private readAlert(bytes: Uint8Array, from: number, end: number): void {
    if (this.recordLeft > 0) this.alertLevel = bytes[from]!
    else {
      if (end - from === 2) this.alertLevel = bytes[from]!
      this.handler.alert(Uint8Array.of(this.alertLevel, bytes[end - 1]!), this.recordVersion)
    }
  }

  private readMessages(bytes: Uint8Array, from: number, end: number): void {
    let at = from
    while (at < end && !this.stopped) {
      if (this.messageHeaderFill < 4) {
        const byte = bytes[at++]!
        if (this.messageHeaderFill++ === 0) this.messageType = byte
        else this.messageSize = ((this.messageSize << 8) | byte) & 0xffffff
        if (this.messageHeaderFill < 4) continue
        this.messageFill = 0
        const size = this.messageSize
        const wanted = this.handler.wants(this.messageType)
        if (wanted && size > this.maxMessageBytes) {
          this.stopped = true
          this.handler.tooLarge(size)
          return
        }
        if (wanted && end - at >= size) {
          this.messageHeaderFill = 0
          this.handler.message(this.messageType, bytes.subarray(at, at + size), this.recordVersion)
          at += size
          continue
        }
        this.partial = wanted ? new Uint8Array(Math.min(size, 2048)) : null
      }
      const take = Math.min(this.messageSize - this.messageFill, end - at)
      if (this.partial)
        this.partial = append(this.partial, this.messageFill, bytes.subarray(at, at + take), this.messageSize)
      this.messageFill += take
      at += take
      if (this.messageFill < this.messageSize) continue
      this.messageHeaderFill = 0
      const whole = this.partial
      this.partial = null
      if (whole)
        this.handler.message(this.messageType, whole.subarray(0, this.messageSize), this.recordVersion)
    }
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

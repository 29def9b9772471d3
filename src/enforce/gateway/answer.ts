import { TLS_1_3 } from '../../model/version.ts'
import { type Alert, parseAlert } from '../../wire/alert.ts'
import { type Deframer, deframe } from '../../wire/deframe.ts'
import { parseServerHello } from '../../wire/hello.ts'
import { CHANGE_CIPHER_SPEC, HANDSHAKE, SERVER_HELLO } from '../../wire/record.ts'

/** What passed by when a server answered a hello. */
export interface Answer {
  version: number
  suite: number
  /** 0 when the key exchange has no group, or its message has not come yet. */
  group: number
}

export type AnswerPeek =
  | { kind: 'need' }
  /** A ServerKeyExchange that comes later may still set its group. */
  | { kind: 'answer'; answer: Answer }
  | { kind: 'alert'; alert: Alert }
  | { kind: 'not-tls' }

export interface AnswerPeeker {
  push(bytes: Uint8Array): AnswerPeek
}

const SERVER_KEY_EXCHANGE = 12
/** ServerHello and ServerKeyExchange are the only messages kept; longer ones are not what they say. */
const mostBytes = 1 << 16

/** The usual case without any state: the whole ServerHello of TLS 1.3 at the start of the first bytes. Undefined: use a peeker. */
export function answerAtOnce(bytes: Uint8Array): Answer | undefined {
  if (bytes.length < 44 || bytes[0] !== HANDSHAKE || bytes[1] !== 3 || bytes[5] !== SERVER_HELLO)
    return undefined
  const end = 9 + ((bytes[6]! << 16) | (bytes[7]! << 8) | bytes[8]!)
  if (end > bytes.length || end > 5 + ((bytes[3]! << 8) | bytes[4]!)) return undefined
  const hello = parseServerHello(bytes.subarray(9, end), (bytes[1]! << 8) | bytes[2]!)
  if (!hello.ok || hello.value.isRetry || hello.value.version !== TLS_1_3) return undefined
  return { version: TLS_1_3, suite: hello.value.suite, group: hello.value.group }
}

/** Reads a server's flight as it passes, over records and segments of any size, up to the message that names the group. */
export function peekAnswer(): AnswerPeeker {
  let result: AnswerPeek = { kind: 'need' }
  let answer: Answer | null = null
  const settle = (settled: AnswerPeek) => {
    result = settled
    frames.stop()
  }
  const whole = () => settle({ kind: 'answer', answer: answer! })
  const frames: Deframer = deframe(
    {
      wants: type => type === SERVER_HELLO || type === SERVER_KEY_EXCHANGE,
      message(type, body, recordVersion) {
        if (type === SERVER_HELLO && answer === null) {
          const hello = parseServerHello(body, recordVersion)
          if (!hello.ok) return settle({ kind: 'not-tls' })
          if (hello.value.isRetry) return
          const { version, suite, group } = hello.value
          answer = { version, suite, group }
          result = { kind: 'answer', answer }
          if (version === TLS_1_3 || version >> 8 >= 0x7e) whole()
        } else if (answer === null) settle({ kind: 'not-tls' })
        else if (type === SERVER_KEY_EXCHANGE) {
          // RFC 8422 section 5.4: curve_type named_curve, then the curve. DHE parameters begin with their length, 0x00 or 0x01.
          if (body[0] === 3 && body.length >= 3) answer.group = (body[1]! << 8) | body[2]!
          whole()
        }
      },
      alert(body, recordVersion) {
        const alert = parseAlert(body, recordVersion)
        // A warning, such as unrecognized_name, may precede the ServerHello.
        if (!alert.ok) settle({ kind: 'not-tls' })
        else if (alert.value.level === 2)
          answer === null ? settle({ kind: 'alert', alert: alert.value }) : whole()
      },
      record(type) {
        if (answer !== null) whole()
        // change_cipher_spec may stand between HelloRetryRequest and ServerHello (RFC 8446 appendix D.4).
        else if (type !== CHANGE_CIPHER_SPEC) settle({ kind: 'not-tls' })
      },
      malformed() {
        answer === null ? settle({ kind: 'not-tls' }) : whole()
      },
      tooLarge() {
        answer === null ? settle({ kind: 'not-tls' }) : whole()
      },
    },
    mostBytes,
  )
  return {
    push(bytes) {
      frames.push(bytes)
      return result
    },
  }
}

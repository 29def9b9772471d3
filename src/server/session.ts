import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { hourMs } from '../base/time.ts'

/** How long a console stays logged in. */
export const sessionMs = 12 * hourMs

/**
 * The operator's token and the sessions bought with it, or with the token of an account. A session is
 * `<expiry>.<id of an account's token, or nothing>.<HMAC of both under the operator's token>`: nothing is kept, so a restarted console process
 * still knows its readers, and a new token ends every session.
 */
export interface Sessions {
  /** Differs between servers: a browser sends cookies to every port of a host. */
  cookieName: string
  isToken(text: string): boolean
  /** A session of the operator, or of the account whose token has that id. */
  open(accountToken?: string): string
  /** Whose session it is; null when it is none, or over. */
  read(session: string): { accountToken: string | null } | null
}

/** 256 random bits, in characters that need no escaping in a URL. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function createSessions(token: string, now: () => number): Sessions {
  const sign = (text: string) => createHmac('sha256', token).update(text).digest('base64url')
  return {
    cookieName: `tlsunset_${createHash('sha256').update(`name ${token}`).digest('hex').slice(0, 8)}`,
    isToken: text => isSame(sign(text), sign(token)),
    open(accountToken = '') {
      const claim = `${now() + sessionMs}.${accountToken}`
      return `${claim}.${sign(`session ${claim}`)}`
    },
    read(session) {
      const [expiry = '', accountToken = '', signature = ''] = session.split('.')
      if (!isSame(signature, sign(`session ${expiry}.${accountToken}`)) || Number(expiry) <= now())
        return null
      return { accountToken: accountToken === '' ? null : accountToken }
    },
  }
}

/** Compares in a time that does not depend on where the texts differ. */
function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

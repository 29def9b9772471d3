import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Fault } from '../base/fault.ts'
import { dayMs, secondMs } from '../base/time.ts'
import { type AccountToken, type IssuedToken, unattributed } from '../model/api.ts'
import { appendAudit, auditEntries } from '../store/audit.ts'
import { isAccountSeen } from '../store/clients.ts'
import type { Store } from '../store/store.ts'

/**
 * Tokens that open one account's page and audit log, and nothing else. Issue and revocation are entries of the audit log, which holds the hash of
 * a token and never the token: whoever reads the store cannot use it, and who let whom in is on record.
 */
export interface AccountTokens {
  /** The token is answered this once. Throws a usage Fault for a time that is none. */
  issue(asked: { account: string; days: number; actor: string }): Promise<IssuedToken>
  /** Throws a usage Fault when no token has that id. Revoked twice is revoked once. */
  revoke(id: string, actor: string): Promise<AccountToken>
  list(): Promise<AccountToken[]>
  /** The token that a text is, while it is valid; null for any other text. */
  find(text: string): Promise<AccountToken | null>
  /** The token of that id, while it is valid. */
  valid(id: string): Promise<AccountToken | null>
}

export const usualTokenDays = 90
const longestTokenDays = 400

/** Says what it is to people and to scanners for leaked secrets, and tells the token from the operator's without a look-up. */
const prefix = 'tlsunset-account-'
const pattern = new RegExp(`^${prefix}([0-9a-f]{12})-[\\w-]{43}$`)

/** Another process may revoke a token: its word holds here after so long. */
const keptMs = 5 * secondMs

interface Kept extends AccountToken {
  /** SHA-256 of the token. The token holds 256 random bits: a slow hash would protect nothing more. */
  hash: Buffer
}

export function accountTokens(store: Store, now: () => number): AccountTokens {
  let kept: { atMs: number; tokens: Promise<Map<string, Kept>> } | undefined
  const tokens = () => {
    if (!kept || now() - kept.atMs > keptMs || now() < kept.atMs) {
      const read = readTokens(store)
      kept = { atMs: now(), tokens: read }
      read.catch(() => {
        kept = undefined
      })
    }
    return kept.tokens
  }
  const valid = async (id: string) => {
    const token = (await tokens()).get(id)
    return token && token.revokedMs === null && token.untilMs > now() ? token : null
  }

  return {
    async issue({ account, days, actor }) {
      if (account === '' || account === unattributed)
        throw new Fault('usage', 'token-account', 'a token is for one account: which?', {
          hint: 'tlsunset token issue --account NAME',
        })
      if (!(days > 0 && days <= longestTokenDays))
        throw new Fault('usage', 'token-days', `a token cannot be valid for ${days} days`, {
          hint: `a number above 0 and up to ${longestTokenDays}`,
        })
      const id = randomBytes(6).toString('hex')
      const token = `${prefix}${id}-${randomBytes(32).toString('base64url')}`
      const atMs = now()
      const untilMs = atMs + days * dayMs
      const detail = { id, sha256: hashOf(token).toString('hex'), untilMs }
      await appendAudit(store, { atMs, actor, action: 'token-issued', subject: account, detail })
      kept = undefined
      const seen = await isAccountSeen(store.db, account)
      return { id, account, issuedMs: atMs, untilMs, revokedMs: null, token, seen }
    },
    async revoke(id, actor) {
      const found = (await readTokens(store)).get(id)
      if (!found)
        throw new Fault('usage', 'no-such-token', `no such token: ${JSON.stringify(id.slice(0, 40))}`, {
          hint: 'tlsunset token list',
        })
      const { hash: _, ...token } = found
      if (token.revokedMs !== null) return token
      const atMs = now()
      await appendAudit(store, {
        atMs,
        actor,
        action: 'token-revoked',
        subject: token.account,
        detail: { id },
      })
      kept = undefined
      return { ...token, revokedMs: atMs }
    },
    list: async () => [...(await readTokens(store)).values()].map(({ hash: _, ...token }) => token),
    async find(text) {
      const id = pattern.exec(text)?.[1]
      const token = id === undefined ? null : await valid(id)
      return token && timingSafeEqual(token.hash, hashOf(text)) ? token : null
    },
    valid,
  }
}

async function readTokens(store: Store): Promise<Map<string, Kept>> {
  const [issued, revoked] = await Promise.all([
    auditEntries(store, { action: 'token-issued' }),
    auditEntries(store, { action: 'token-revoked' }),
  ])
  const ended = new Map(revoked.map(entry => [String(entry.detail.id), entry.atMs]))
  return new Map(
    issued.map(({ atMs, subject, detail }) => {
      const id = String(detail.id)
      const hash = Buffer.from(String(detail.sha256), 'hex')
      return [
        id,
        {
          id,
          account: subject,
          issuedMs: atMs,
          untilMs: Number(detail.untilMs),
          revokedMs: ended.get(id) ?? null,
          hash,
        },
      ]
    }),
  )
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

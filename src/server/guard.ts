import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { Hono, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { secondMs } from '../base/time.ts'
import type { AccountToken } from '../model/api.ts'
import type { AccountTokens } from './account-tokens.ts'
import { problem } from './problem.ts'
import { rateLimit } from './rate-limit.ts'
import type { Sessions } from './session.ts'

/** No inline script or style, nothing from elsewhere, no framing. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Headers for every answer. API answers are never stored by anybody in between. */
export function securityHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next()
    const { headers } = context.res
    headers.set('content-security-policy', contentSecurityPolicy)
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'no-referrer')
    headers.set('x-frame-options', 'DENY')
    headers.set('cross-origin-opener-policy', 'same-origin')
    headers.set('cross-origin-resource-policy', 'same-origin')
    headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=()')
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  }
}

/**
 * Only requests that name a host we serve under. A page of another site can point its own name at a loopback address (DNS rebinding); its
 * requests then carry that name.
 */
export function knownHost(isKnown: (host: string) => boolean): MiddlewareHandler {
  return async (context, next) => {
    const host = hostnameOf(context.req.header('host') ?? '')
    if (isKnown(host)) return next()
    return problem(context, 421, {
      title: `this console is not served under ${JSON.stringify(host.slice(0, 100))}`,
      kind: 'usage',
      code: 'unknown-host',
      hint: 'open the address that `tlsunset serve` printed, or name this host with --listen',
    })
  }
}

function hostnameOf(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
}

/** True for `localhost`, the name of this machine, `listenHost`, and addresses: rebinding needs a name. */
export function hostsOf(listenHost: string): (host: string) => boolean {
  const known = new Set(['localhost', hostname().toLowerCase(), listenHost.toLowerCase()])
  return host => known.has(host) || isIP(host) !== 0
}

/** Who asks: the operator, or one account about itself. Unset behind the socket, where everybody is the operator. */
export type Asker = { of: 'operator' } | { of: 'account'; token: AccountToken }

declare module 'hono' {
  interface ContextVariableMap {
    asker?: Asker
  }
}

/**
 * Lets in whoever holds a token (`Authorization: Bearer`), the operator's or that of an account, or a session cookie. A change by cookie must also
 * come from our own pages: browsers say so in Sec-Fetch-Site, older ones in Origin.
 */
export function loggedIn(sessions: Sessions, tokens: AccountTokens | undefined): MiddlewareHandler {
  const ofToken = (token: AccountToken | null | undefined): Asker | null =>
    token ? { of: 'account', token } : null
  return async (context, next) => {
    const bearer = /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
    if (bearer !== undefined) {
      const asker: Asker | null = sessions.isToken(bearer)
        ? { of: 'operator' }
        : ofToken(await tokens?.find(bearer))
      if (asker) {
        context.set('asker', asker)
        return next()
      }
    }
    const session = sessions.read(getCookie(context, sessions.cookieName) ?? '')
    const asker: Asker | null =
      session?.accountToken === null
        ? { of: 'operator' }
        : session
          ? ofToken(await tokens?.valid(session.accountToken))
          : null
    if (!asker)
      return problem(context, 401, {
        title: 'not logged in',
        kind: 'usage',
        code: 'not-logged-in',
        hint: 'open the address that `tlsunset serve` printed, or the link you were given; it holds the token',
      })
    if (!isRead(context.req.method) && !isOwnPage(context.req.raw))
      return problem(context, 403, {
        title: 'a change must come from the console itself',
        kind: 'usage',
        code: 'other-origin',
      })
    context.set('asker', asker)
    return next()
  }
}

/** What an account may ask for: its own page and log, the plan as it meets it, and its session. Everything else is the operator's. */
const openToAccounts = /^\/v1\/(?:session|policy|accounts\/[^/]+(?:\/audit)?)$/

/** Requests that one account may make at once, and how soon another is welcome. */
const accountBurst = 60
const accountEveryMs = secondMs

/** Holds the token of an account to that account, and to a pace. Other accounts look like accounts that do not exist. */
export function ownAccountOnly(api: Hono, now: () => number): void {
  const pace = rateLimit({ burst: accountBurst, everyMs: accountEveryMs, now })
  api.use(async (context, next) => {
    const asker = context.get('asker')
    if (asker?.of !== 'account') return next()
    const waitSeconds = pace.take(asker.token.id)
    if (waitSeconds > 0) {
      context.header('retry-after', String(waitSeconds))
      return problem(context, 429, {
        title: 'too many requests with this token',
        kind: 'usage',
        code: 'too-many-requests',
        hint: `ask again in ${waitSeconds} s; a whole log comes in one request with ?format=csv or ?format=jsonl`,
      })
    }
    const path = context.req.path
    if (openToAccounts.test(path) && (isRead(context.req.method) || path === '/v1/session')) return next()
    return problem(context, 403, {
      title: 'this token opens one account only',
      kind: 'usage',
      code: 'account-token',
      hint: `/v1/accounts/${encodeURIComponent(asker.token.account)}/audit`,
    })
  })
  api.use('/accounts/:account/*', async (context, next) => {
    const asker = context.get('asker')
    const name = context.req.param('account')
    if (asker?.of !== 'account' || name === asker.token.account) return next()
    return problem(context, 404, {
      title: `no such account: ${JSON.stringify(name)}`,
      kind: 'usage',
      code: 'no-such-account',
    })
  })
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function isOwnPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const origin = request.headers.get('origin')
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get('host')
}

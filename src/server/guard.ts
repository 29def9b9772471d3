import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { problem } from './problem.ts'
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

/**
 * Lets in whoever holds the token (`Authorization: Bearer`) or a session cookie. A change by cookie must also come from our own pages:
 * browsers say so in Sec-Fetch-Site, older ones in Origin.
 */
export function loggedIn(sessions: Sessions): MiddlewareHandler {
  return async (context, next) => {
    const bearer = /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
    if (bearer !== undefined && sessions.isToken(bearer)) return next()
    const isOpen = sessions.isOpen(getCookie(context, sessions.cookieName) ?? '')
    if (!isOpen)
      return problem(context, 401, {
        title: 'not logged in',
        kind: 'usage',
        code: 'not-logged-in',
        hint: 'open the address that `tlsunset serve` printed; it holds the token',
      })
    if (!isRead(context.req.method) && !isOwnPage(context.req.raw))
      return problem(context, 403, {
        title: 'a change must come from the console itself',
        kind: 'usage',
        code: 'other-origin',
      })
    return next()
  }
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

import { Hono, type MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import type { AccountTokens } from './account-tokens.ts'
import type { Facts } from './facts.ts'
import type { Decisions } from './go-ledger.ts'
import { knownHost, loggedIn, ownAccountOnly, securityHeaders } from './guard.ts'
import { problem, problemOf } from './problem.ts'
import { decision } from './routes/decision.ts'
import { routes } from './routes/index.ts'
import { session } from './routes/session.ts'
import { tokens } from './routes/tokens.ts'
import { createSessions } from './session.ts'

export interface AppOptions {
  now(): number
  /**
   * Who may ask. With a token: whoever holds it, under a known host. `trusted`: everybody who can reach the app at all, for a socket that the
   * file system guards.
   */
  access: { token: string; isKnownHost(host: string): boolean } | 'trusted'
  /** Serves the console's files; absent: the API alone. */
  assets?: MiddlewareHandler
  /** Tokens of accounts; absent: only the operator gets in, and none can be issued. */
  tokens?: AccountTokens
  /** Where decisions are kept; absent: none are. */
  decisions?: Decisions
  /** Told when a token bought a session: of `console`, or of an account. */
  onLogIn?(subject: string): void
  /** Told of errors that are our mistake. */
  onBug(error: unknown): void
}

/** The API under /v1 and the console, as one app that can also be asked without a network: `app.request('/v1/summary')`. */
export function createApp(facts: Facts, options: AppOptions): Hono {
  const { access, now } = options
  const app = new Hono()
  const api = new Hono()
  app.use(securityHeaders())
  if (access !== 'trusted') {
    const sessions = createSessions(access.token, now)
    app.use(knownHost(access.isKnownHost))
    api.use(loggedIn(sessions, options.tokens))
    ownAccountOnly(api, now)
    session(api, sessions, options.onLogIn)
  }
  // A stream cannot have a hash before its end.
  api.use(async (context, next) =>
    /\/(?:events|audit)$/.test(context.req.path) ? next() : etag()(context, next),
  )
  for (const addTo of routes) addTo(api, { facts, now })
  if (options.tokens) tokens(api, options.tokens)
  if (options.decisions) decision(api, options.decisions)
  app.route('/v1', api)
  if (options.assets) app.use(options.assets)
  app.notFound(context =>
    problem(context, 404, {
      title: `nothing at ${context.req.path.slice(0, 200)}`,
      kind: 'usage',
      code: 'no-such-path',
    }),
  )
  app.onError((error, context) => problemOf(context, error, options.onBug))
  return app
}

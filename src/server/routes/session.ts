import type { Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { secondMs } from '../../base/time.ts'
import { type Sessions, sessionMs } from '../session.ts'

/** `POST /v1/session` buys a cookie that scripts cannot read with the token; `DELETE` gives it back. */
export function session(api: Hono, sessions: Sessions, onLogIn: () => void = () => {}) {
  api.post('/session', context => {
    setCookie(context, sessions.cookieName, sessions.open(), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      secure: new URL(context.req.url).protocol === 'https:',
      maxAge: sessionMs / secondMs,
    })
    onLogIn()
    return context.body(null, 204)
  })
  api.delete('/session', context => {
    deleteCookie(context, sessions.cookieName, { path: '/' })
    return context.body(null, 204)
  })
}

import type { Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { secondMs } from '../../base/time.ts'
import type { SessionAnswer } from '../../model/api.ts'
import { type Sessions, sessionMs } from '../session.ts'

/** `POST /v1/session` buys a cookie that scripts cannot read with a token; `GET` says whose it is, `DELETE` gives it back. */
export function session(api: Hono, sessions: Sessions, onLogIn: (subject: string) => void = () => {}) {
  api.get('/session', context => {
    const asker = context.get('asker')
    const answer: SessionAnswer =
      asker?.of === 'account'
        ? { of: 'account', account: asker.token.account, untilMs: asker.token.untilMs }
        : { of: 'operator' }
    return context.json(answer)
  })
  api.post('/session', context => {
    const asker = context.get('asker')
    const token = asker?.of === 'account' ? asker.token : undefined
    setCookie(context, sessions.cookieName, sessions.open(token?.id), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      secure: new URL(context.req.url).protocol === 'https:',
      maxAge: sessionMs / secondMs,
    })
    onLogIn(token?.account ?? 'console')
    return context.body(null, 204)
  })
  api.delete('/session', context => {
    deleteCookie(context, sessions.cookieName, { path: '/' })
    return context.body(null, 204)
  })
}

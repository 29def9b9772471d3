import type { Context } from 'hono'
import { Fault, type FaultKind } from '../base/fault.ts'
import type { Problem } from '../model/api.ts'

const statusOf: Record<FaultKind, 400 | 422 | 502 | 503> = {
  usage: 400,
  input: 422,
  unreachable: 502,
  environment: 503,
  undecided: 503,
}

type Status = 400 | 401 | 403 | 404 | 405 | 421 | 422 | 429 | 500 | 502 | 503

/** An error as RFC 9457 problem details. A Fault says what to do; anything else is our bug, whose stack stays on this side. */
export function problemOf(context: Context, error: unknown, onBug: (error: unknown) => void): Response {
  if (error instanceof Fault)
    return problem(context, error.code.startsWith('no-such-') ? 404 : statusOf[error.kind], {
      title: error.message,
      kind: error.kind,
      code: error.code,
      ...(error.hint !== undefined && { hint: error.hint }),
    })
  onBug(error)
  return problem(context, 500, {
    title: 'our mistake; the log of the server says more',
    kind: 'bug',
    code: 'bug',
  })
}

/** Answers with problem details; `type` is a URN because the code is the name. */
export function problem(
  context: Context,
  status: Status,
  fields: Pick<Problem, 'title' | 'kind' | 'code' | 'hint'>,
): Response {
  const body: Problem = { type: `urn:tlsunset:problem:${fields.code}`, status, ...fields }
  return context.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}

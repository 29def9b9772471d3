import type { IssuedToken, Problem } from '../model/api.ts'

/** An answer of the server that is not the one that was asked for. */
export interface Trouble {
  /** 0: the server did not answer at all. */
  status: number
  title: string
  hint?: string
}

const kept = new Map<string, { etag: string; value: unknown }>()

/** Asks the API. The same answer as before costs no transfer; trouble is a value. */
export async function ask<T>(path: string): Promise<{ value: T } | { trouble: Trouble }> {
  const before = kept.get(path)
  try {
    const response = await fetch(path, {
      headers: before ? { 'if-none-match': before.etag } : {},
      credentials: 'same-origin',
    })
    if (response.status === 304 && before) return { value: before.value as T }
    // A server in trouble says so with 503 and still tells what it knows (health).
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
    if (isProblem || (!response.ok && response.status !== 503)) return { trouble: await troubleOf(response) }
    const value = (await response.json()) as T
    const etag = response.headers.get('etag')
    if (etag) kept.set(path, { etag, value })
    return { value }
  } catch {
    return { trouble: { status: 0, title: 'the server does not answer' } }
  }
}

/** Issues a token for one account, answered this once. */
export async function issueToken(account: string): Promise<{ value: IssuedToken } | { trouble: Trouble }> {
  try {
    const response = await fetch('/v1/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account }),
    })
    if (!response.ok) return { trouble: await troubleOf(response) }
    return { value: (await response.json()) as IssuedToken }
  } catch {
    return { trouble: { status: 0, title: 'the server does not answer' } }
  }
}

/** Turns the token into a session; null when that worked. */
export async function openSession(token: string): Promise<Trouble | null> {
  try {
    const response = await fetch('/v1/session', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    return response.ok ? null : await troubleOf(response)
  } catch {
    return { status: 0, title: 'the server does not answer' }
  }
}

async function troubleOf(response: Response): Promise<Trouble> {
  const problem = (await response.json().catch(() => null)) as Problem | null
  return {
    status: response.status,
    title: problem?.title ?? `the server answered ${response.status}`,
    ...(problem?.hint !== undefined && { hint: problem.hint }),
  }
}

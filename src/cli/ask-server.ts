import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { Fault } from '../base/fault.ts'
import type { Problem } from '../model/api.ts'
import { socketPath } from '../store/socket-path.ts'

/**
 * Asks the server that owns a store directory, through the socket beside it; a `body` makes it a POST. Null when nobody owns it: the caller may open the store itself.
 * Throws Faults: those of the server, and unreachable when it does not answer well.
 */
export async function askServer<T>(
  storeDirectory: string,
  path: string,
  signal: AbortSignal,
  body?: object,
): Promise<T | null> {
  const socket = socketPath(storeDirectory)
  if (!socket.startsWith('\\\\') && !existsSync(socket)) return null
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: socket,
        path,
        signal,
        agent: false,
        method: body ? 'POST' : 'GET',
        headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      },
      answer => {
        const chunks: Buffer[] = []
        answer.on('data', chunk => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          if (answer.statusCode === 200) resolve(JSON.parse(text) as T)
          else
            reject(faultOf(text) ?? unreachable(storeDirectory, `${answer.statusCode} ${text.slice(0, 200)}`))
        })
        answer.on('error', cause => reject(unreachable(storeDirectory, cause.message)))
      },
    )
    asked.on('error', (cause: NodeJS.ErrnoException) => {
      // A socket that a killed server left behind: nobody listens.
      if (cause.code === 'ECONNREFUSED' || cause.code === 'ENOENT') resolve(null)
      else reject(unreachable(storeDirectory, cause.message))
    })
    asked.end(body && JSON.stringify(body))
  })
}

/** What the server says to whoever asks, as if it had been found here; null for its own mistakes and what is no problem document. */
function faultOf(text: string): Fault | null {
  try {
    const { kind, code, title, hint } = JSON.parse(text) as Partial<Problem>
    if (!kind || kind === 'bug' || !code || !title) return null
    return new Fault(kind, code, title, hint === undefined ? {} : { hint })
  } catch {
    return null
  }
}

function unreachable(store: string, why: string): Fault {
  return new Fault('unreachable', 'server-silent', `the server of ${store} does not answer: ${why}`, {
    hint: 'look at its log, or stop it and ask again',
  })
}

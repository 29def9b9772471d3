import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { Fault } from '../base/fault.ts'
import { socketPath } from '../store/socket-path.ts'

/**
 * Asks the server that owns a store directory, through the socket beside it; a `body` makes it a POST. Null when nobody owns it: the caller may open the store itself.
 * Throws Faults: unreachable when a server is there and does not answer well.
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
          else reject(unreachable(storeDirectory, `${answer.statusCode} ${text.slice(0, 200)}`))
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

function unreachable(store: string, why: string): Fault {
  return new Fault('unreachable', 'server-silent', `the server of ${store} does not answer: ${why}`, {
    hint: 'look at its log, or stop it and ask again',
  })
}

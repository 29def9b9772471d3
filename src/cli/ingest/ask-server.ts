import { request } from 'node:http'
import { Fault, type FaultKind } from '../../base/fault.ts'
import type { IngestRequest } from '../../server/ingest-route.ts'
import type { FileAnswer } from '../../server/take-in-any.ts'

/** Asks the process that owns the store to take files in. Undefined when nobody listens there: its owner died. */
export function askServer(
  socket: string,
  wanted: IngestRequest,
  signal?: AbortSignal,
): Promise<(FileAnswer | Fault)[] | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: socket,
        path: '/v1/ingest',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        agent: false,
        ...(signal && { signal }),
      },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          if (response.statusCode !== 200)
            reject(
              new Fault(
                'unreachable',
                'server-refuses',
                `the server of the store answered ${response.statusCode}: ${text.slice(0, 300)}`,
              ),
            )
          else resolve((JSON.parse(text) as { files: (FileAnswer | Told)[] }).files.map(answerOf))
        })
      },
    )
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (signal?.aborted)
        return reject(
          new Fault(
            'unreachable',
            'not-waited-for',
            'not waited for: the server of the store goes on by itself',
          ),
        )
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined)
      else reject(error)
    })
    asked.end(JSON.stringify(wanted))
  })
}

/** A Fault as it travels. */
interface Told {
  fault: { kind: FaultKind; code: string; message: string; hint?: string }
}

function answerOf(answer: FileAnswer | Told): FileAnswer | Fault {
  if (!('fault' in answer)) return answer
  const { kind, code, message, hint } = answer.fault
  return new Fault(kind, code, message, hint === undefined ? {} : { hint })
}

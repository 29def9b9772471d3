import { secondMs } from '../../base/time.ts'
import type { Refusal } from '../../model/api.ts'
import type { Facts } from '../facts.ts'
import type { Routes } from './route.ts'

/** Shorter than the idle limit of common proxies (60 s). */
const heartbeatMs = 15 * secondMs
/** Changes closer together than this are told once. */
const gatherMs = secondMs / 2
const newest = 50

/**
 * `GET /v1/events` as server-sent events: `change` when answers may have changed, `refusals` with those that this reader does not have
 * yet, `heartbeat` with the server's clock. The id of an event is that of the newest refusal sent, so a browser that reconnects gets what it
 * missed.
 */
export const events: Routes = (api, { facts, now }) => {
  api.get('/events', context => {
    const known = context.req.header('last-event-id')
    return new Response(eventStream(facts, now, known, context.req.raw.signal), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    })
  })
}

function eventStream(
  facts: Facts,
  now: () => number,
  knownId: string | undefined,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let stop = () => {}
  return new ReadableStream({
    start(controller) {
      let lastId = knownId ?? ''
      let isBusy = false
      let isDue = false
      let gathering: NodeJS.Timeout | undefined

      const send = (event: string, data: unknown) => {
        const id = lastId === '' ? '' : `id: ${lastId}\n`
        controller.enqueue(encoder.encode(`event: ${event}\n${id}data: ${JSON.stringify(data)}\n\n`))
      }
      const beat = () => send('heartbeat', { nowMs: now() })
      const tell = async () => {
        if (isBusy) {
          isDue = true
          return
        }
        isBusy = true
        try {
          const fresh = after(lastId, await facts.refusals(newest))
          if (stopped()) return
          lastId = fresh[0]?.id ?? lastId
          if (fresh.length > 0) send('refusals', fresh)
          send('change', { nowMs: now() })
        } catch {
          // The store is away for a moment; the routes say so to whoever asks, and the next change tries again.
        } finally {
          isBusy = false
        }
        if (isDue && !stopped()) {
          isDue = false
          gather()
        }
      }
      const gather = () => {
        gathering ??= setTimeout(() => {
          gathering = undefined
          void tell()
        }, gatherMs)
      }

      const beating = setInterval(beat, heartbeatMs)
      const unsubscribe = facts.onChange(gather)
      let isStopped = false
      const stopped = () => isStopped
      stop = () => {
        if (isStopped) return
        isStopped = true
        clearInterval(beating)
        clearTimeout(gathering)
        unsubscribe()
      }
      signal.addEventListener('abort', () => {
        if (isStopped) return
        stop()
        controller.close()
      })
      beat()
      void tell()
    },
    cancel() {
      stop()
    },
  })
}

/** Those newer than the one with `id`, newest first; all of them when it is not among them. */
function after(id: string, refusals: Refusal[]): Refusal[] {
  const at = refusals.findIndex(refusal => refusal.id === id)
  return at < 0 ? refusals : refusals.slice(0, at)
}

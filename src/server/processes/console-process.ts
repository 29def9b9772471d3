import { Fault } from '../../base/fault.ts'
import type { ConsoleSettings, FromConsole, ToConsole } from './messages.ts'
import { startConsole } from './run-console.ts'

// The entry of a child process: it hands the world to `startConsole` as bin/tlsunset.js does for the command line.

const send = (message: FromConsole) => process.connected && process.send?.(message)
const stop = new AbortController()
let console: Awaited<ReturnType<typeof startConsole>> | undefined

process.on('message', (message: ToConsole) => {
  if (message.say === 'start') void start(message.settings)
  else if (message.say === 'stop') stop.abort()
  else console?.told(message)
})
// Ctrl-C reaches the whole group; the supervisor decides what stops when. Without a supervisor there is nobody to serve for.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => stop.abort())
process.on('disconnect', () => stop.abort())

async function start(settings: ConsoleSettings) {
  try {
    console = await startConsole(settings, send)
    send({ say: 'ready', port: console.port })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { kind, code, message, hint } = error
    send({ say: 'fault', kind, code, message, ...(hint !== undefined && { hint }) })
    process.exitCode = 1
    process.disconnect?.()
    return
  }
  if (!stop.signal.aborted) await new Promise(resolve => stop.signal.addEventListener('abort', resolve))
  await console.close()
  if (process.connected) process.disconnect()
}

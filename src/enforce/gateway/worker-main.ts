import { Fault } from '../../base/fault.ts'
import type { FaultFields, FromWorker, ToWorker } from './messages.ts'
import type { Link } from './raw-tcp.ts'
import { runGatewayWorker, type Worker } from './worker.ts'

/** The program of a worker process: started by the supervisor, fed over its channel, gone when the supervisor is. */
let worker: Worker | undefined
let stopping = false

const tell = (message: FromWorker) => {
  if (process.connected) process.send!(message)
}

async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  await worker?.stop()
  process.exit(0)
}

process.on('message', (message: ToWorker, socket?: Link) => {
  switch (message.kind) {
    case 'start':
      try {
        const { policy, spoolDir, name } = message
        const onTrouble = (text: string, everywhere = false) => tell({ kind: 'trouble', text, everywhere })
        worker = runGatewayWorker({ policy, spoolDir, name, onTrouble, ...(socket && { socket }) })
        tell({ kind: 'ready', address: worker.address })
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        const { kind, code, message: text, hint } = error
        const fault: FaultFields = { kind, code, message: text, ...(hint && { hint }) }
        tell({ kind: 'fault', fault })
      }
      break
    case 'policy':
      worker?.setPolicy(message.policy)
      break
    case 'health':
      if (worker) tell({ kind: 'health', id: message.id, health: worker.health() })
      break
    case 'stop':
      void stop()
  }
})

// Without its supervisor nobody would restart it, feed it policies or hand in its spool: it ends, in good order.
process.on('disconnect', () => void stop())
process.on('SIGTERM', () => void stop())
// Ctrl-C reaches the whole group; the supervisor decides what it means.
process.on('SIGINT', () => {})

tell({ kind: 'hello' })

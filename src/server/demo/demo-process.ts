import { startClients, type Target } from './clients.ts'
import { startService } from './service.ts'
import { demoAccounts } from './story.ts'

// The entry of a child process: the sample service and its clients, apart from what is being demonstrated.

/** `service` comes first and is answered with `port`; `clients` when the gateway stands. */
export type ToDemo =
  | { say: 'service'; certificate: string; key: string }
  | { say: 'clients'; target: Target }
  | { say: 'stop' }

export interface FromDemo {
  say: 'service'
  port: number
}

let clients: { stop(): void } | undefined

function end() {
  clients?.stop()
  process.exit()
}

process.on('message', (message: ToDemo) => {
  if (message.say === 'stop') end()
  else if (message.say === 'clients') clients = startClients(demoAccounts, message.target)
  else
    void startService(message).then(service =>
      process.send?.({ say: 'service', port: service.port } satisfies FromDemo),
    )
})
process.on('SIGINT', () => {})
process.on('SIGTERM', end)
process.on('disconnect', end)

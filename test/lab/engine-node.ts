import type { Engine } from './engine.ts'
import { profileOf } from './profiles.ts'
import { startTlsServer } from './servers.ts'

export const node: Engine = {
  id: 'node',
  title: `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`,
  needs: '',
  missing: () => undefined,
  shipped: () => [],
  cannot: server => (server.requiresSni ? 'Node does not insist on a name' : undefined),
  async start(servers) {
    const running = await Promise.all(
      servers.map(async server => [server.id, await startTlsServer(server)] as const),
    )
    return {
      at: new Map(running.map(([id, { port }]) => [id, port])),
      profiles: new Map(servers.map(server => [server.id, profileOf(server)])),
      async stop() {
        await Promise.all(running.map(([, server]) => server.close()))
      },
    }
  },
}

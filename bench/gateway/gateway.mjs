// The gateway as `serve` runs it, one worker: gateway.mjs RETIREMENT_FILE SPOOL_DIR.
import { startGateway } from '../../dist/enforce/gateway/supervisor.js'

const [file, spoolDir] = process.argv.slice(2)
const gateway = await startGateway({ policy: { file }, spoolDir })
const { workers } = await gateway.health()
process.send({ port: gateway.address.port, pid: workers[0].pid })
process.on('disconnect', async () => {
  await gateway.stop()
  process.exit()
})

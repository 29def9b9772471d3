import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { workFolder } from '../../observe/work-folder.ts'
import { demoCertificates } from './certificate.ts'
import { installedClients } from './clients.ts'
import type { FromDemo, ToDemo } from './demo-process.ts'
import { writeHistory } from './history.ts'
import { type ClientKind, demoAccounts, demoHost, demoRetirement } from './story.ts'

export interface Demo {
  /** Holds everything; removed at the end. */
  folder: string
  /** The retirement file, written by `begin`. */
  file: string
  caFile: string
  clients: ClientKind[]
  /** Writes the history and a retirement that starts to count now, before anything is served. */
  begin(nowMs: number): Promise<void>
  /** Lets the clients loose on the gateway. */
  letClientsIn(gatewayPort: number): void
  stop(): Promise<void>
}

/** Prepares a folder of its own with certificates, and starts the sample service. */
export async function prepareDemo(world: { nowMs: number; path: string }): Promise<Demo> {
  const folder = workFolder('demo')
  const caFile = join(folder, 'ca.pem')
  const file = join(folder, 'retirement.yaml')
  const names = [...demoAccounts.map(({ account }) => demoHost(account)), 'localhost', '127.0.0.1']
  const certificates = demoCertificates(names, world.nowMs)
  writeFileSync(caFile, certificates.ca)
  const child = fork(demoProgram(), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const tell = (message: ToDemo) => {
    if (child.connected) child.send(message)
  }
  tell({ say: 'service', certificate: certificates.certificate, key: certificates.key })
  const servicePort = await portOf(child)

  return {
    folder,
    file,
    caFile,
    clients: installedClients(world.path),
    async begin(nowMs) {
      const spoolDir = join(folder, 'store', 'spool')
      mkdirSync(spoolDir, { recursive: true })
      writeHistory(spoolDir, nowMs)
      writeFileSync(file, demoRetirement(nowMs, servicePort, await freePort()))
    },
    letClientsIn: port =>
      tell({ say: 'clients', target: { port, caFile, ca: certificates.ca, folder, path: world.path } }),
    async stop() {
      const ended = child.exitCode === null ? new Promise(resolve => child.once('exit', resolve)) : undefined
      tell({ say: 'stop' })
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    // `node --watch` puts messages of its own on the channel.
    child.on('message', (message: Partial<FromDemo>) => {
      if (message.say === 'service') resolve(message.port!)
    })
    child.once('exit', code => reject(new Error(`the sample service ended at its start: exit ${code}`)))
  })
}

/** The retirement file names a port, and the demonstration must not collide with anything. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** From source, as tests run it, the program is the one that the build made: a child process needs JavaScript. */
function demoProgram(): string {
  return fileURLToPath(new URL('./demo-process.js', import.meta.url)).replace(
    /src([\\/]server[\\/]demo[\\/])/,
    'dist$1',
  )
}

import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type ConnectionOptions, connect, type SecureVersion } from 'node:tls'
import { secondMs } from '../../base/time.ts'
import { javaClient, legacySecurity, monoClient, pythonClient } from './programs.ts'
import { type ClientKind, type DemoAccount, type DemoVersion, demoHost } from './story.ts'

/** Where clients go and what they trust. */
export interface Target {
  port: number
  caFile: string
  ca: string
  /** A folder for the programs that have to be written first. */
  folder: string
  path: string
}

interface Job extends Target {
  name: string
  source: string
  highest: DemoVersion
  everySeconds: number
}

/** Starts the clients of every account. Real programs where they are installed; Node makes the same offer in place of the others. */
export function startClients(accounts: readonly DemoAccount[], target: Target): { stop(): void } {
  const stops: (() => void)[] = []
  for (const [i, { account, clients }] of accounts.entries())
    for (const { kind, highest, everySeconds } of clients) {
      const job: Job = {
        ...target,
        name: demoHost(account),
        // Every account its own address; only Linux answers to all of 127.0.0.0/8 unasked.
        source: process.platform === 'linux' ? `127.0.0.${20 + i}` : '127.0.0.1',
        highest,
        everySeconds,
      }
      stops.push(installedClients(target.path).includes(kind) ? starters[kind](job) : starters.node(job))
    }
  return {
    stop() {
      for (const stop of stops) stop()
    },
  }
}

/** The kinds of clients that this machine can run as themselves. */
export function installedClients(path: string): ClientKind[] {
  // Elsewhere the same names stand for builds that cannot be talked into TLS 1.0 the same way.
  if (process.platform !== 'linux') return ['node']
  const has = (program: string) => isInstalled(program, path)
  return [
    'node' as const,
    ...(has('openssl') ? ['openssl' as const] : []),
    ...(has('curl') ? ['curl' as const] : []),
    ...(has('python3') ? ['python' as const] : []),
    ...(has('java') && has('javac') ? ['java' as const] : []),
    ...(has('mono') && has('mcs') ? ['mono' as const] : []),
  ]
}

function isInstalled(program: string, path: string): boolean {
  return path.split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const isOld = (version: DemoVersion) => version === 'TLSv1' || version === 'TLSv1.1'

const starters: Record<ClientKind, (job: Job) => () => void> = {
  node: job =>
    repeat(job, () => {
      // localAddress goes to net.connect, which the type of tls.connect does not say.
      const options: ConnectionOptions & { localAddress: string } = {
        host: '127.0.0.1',
        port: job.port,
        localAddress: job.source,
        servername: job.name,
        ca: job.ca,
        minVersion: isOld(job.highest) ? 'TLSv1' : 'TLSv1.2',
        maxVersion: job.highest as SecureVersion,
        ...(isOld(job.highest) && { ciphers: 'DEFAULT:@SECLEVEL=0' }),
      }
      const socket = connect(options)
      socket.on('error', () => {})
      socket.on('secureConnect', () =>
        socket.write(`GET /pools HTTP/1.1\r\nHost: ${job.name}\r\nConnection: close\r\n\r\n`),
      )
      socket.resume()
    }),
  openssl: job =>
    repeat(job, () => {
      const versions: Record<DemoVersion, string[]> = {
        TLSv1: ['-tls1', '-cipher', 'DEFAULT:@SECLEVEL=0'],
        'TLSv1.1': ['-min_protocol', 'TLSv1', '-max_protocol', 'TLSv1.1', '-cipher', 'DEFAULT:@SECLEVEL=0'],
        'TLSv1.2': ['-tls1_2'],
        'TLSv1.3': [],
      }
      const where = ['-connect', `127.0.0.1:${job.port}`, '-bind', `${job.source}:0`, '-servername', job.name]
      run('openssl', ['s_client', ...where, '-CAfile', job.caFile, ...versions[job.highest]])
    }),
  curl: job =>
    repeat(job, () => {
      const most = job.highest === 'TLSv1' ? '1.0' : job.highest.slice(4)
      run('curl', [
        ...[
          '--silent',
          '--max-time',
          '5',
          '--noproxy',
          '*',
          '--cacert',
          job.caFile,
          '--interface',
          job.source,
        ],
        ...(isOld(job.highest) ? ['--tlsv1.0', '--ciphers', 'DEFAULT@SECLEVEL=0'] : []),
        ...['--tls-max', most, '--resolve', `${job.name}:${job.port}:127.0.0.1`],
        `https://${job.name}:${job.port}/pools`,
      ])
    }),
  python: job => {
    const file = join(job.folder, 'client.py')
    writeFileSync(file, pythonClient)
    return keep('python3', [file, ...argumentsOf(job)])
  },
  java: job => {
    const file = join(job.folder, 'Client.java')
    const security = join(job.folder, 'legacy.security')
    writeFileSync(file, javaClient)
    writeFileSync(security, legacySecurity)
    return keep('java', ['-Xmx64m', `-Djava.security.properties=${security}`, file, ...argumentsOf(job)])
  },
  mono: job => {
    const file = join(job.folder, 'Client.cs')
    const program = join(job.folder, 'Client.exe')
    writeFileSync(file, monoClient)
    let stop = () => {}
    let isStopped = false
    const compiler = run('mcs', ['-nologo', `-out:${program}`, file])
    compiler.once('exit', () => {
      if (!isStopped) stop = keep('mono', [program, ...argumentsOf(job)])
    })
    return () => {
      isStopped = true
      compiler.kill()
      stop()
    }
  },
}

function argumentsOf(job: Job): string[] {
  return [String(job.port), job.name, job.source, job.highest, String(job.everySeconds), job.caFile]
}

function repeat(job: Job, once: () => void): () => void {
  once()
  const timer = setInterval(once, job.everySeconds * secondMs)
  return () => clearInterval(timer)
}

function run(program: string, args: string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' })
  child.on('error', () => {})
  return child
}

function keep(program: string, args: string[]): () => void {
  const child = run(program, args)
  return () => child.kill('SIGKILL')
}

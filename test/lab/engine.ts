import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerProfile } from '../../src/model/prediction.ts'
import type { LabServer } from './profiles.ts'

/** A kind of real server, and how a LabServer is put to it. */
export interface Engine {
  id: string
  title: string
  /** Debian packages that bring it; empty: it is always there. */
  needs: string
  /** Why it cannot run here; undefined when it can. */
  missing(): string | undefined
  /** How it comes out of its package, where that is worth a row of its own. */
  shipped(): LabServer[]
  /** Why this server cannot be put to it; undefined when it can. */
  cannot(server: LabServer): string | undefined
  /** True: it needs a slow process of its own, and is left to LAB_FULL=1. Absent: none does. */
  isSlow?(server: LabServer): boolean
  /** Of its cells only every so-many-th is tried, each hello and each server among them: its handshakes are slow. LAB_FULL=1 tries all. */
  triesEvery?: number
  start(servers: readonly LabServer[]): Promise<Running>
}

interface Running {
  /** Port on 127.0.0.1, or path of a socket, by id of the server. */
  at: Map<string, number | string>
  /** What is predicted of it rests on this, by id of the server. */
  profiles: Map<string, ServerProfile>
  stop(): Promise<void>
}

/** A folder with a short name (paths of sockets have at most 107 bytes), and processes in it that end together. */
export interface Yard {
  folder: string
  run(file: string, args: readonly string[], env?: Record<string, string>): Started
  stop(): Promise<void>
}

export interface Started {
  pid: number
  /** What it has written so far. */
  output(): string
  hasEnded(): boolean
}

/** Starts servers in a yard of their own, which is emptied when one of them does not come up. */
export async function inYard(start: (yard: Yard) => Promise<Omit<Running, 'stop'>>): Promise<Running> {
  const yard = openYard()
  try {
    return { ...(await start(yard)), stop: yard.stop }
  } catch (error) {
    await yard.stop()
    throw error
  }
}

function openYard(): Yard {
  const folder = mkdtempSync(join(tmpdir(), 'tlslab-'))
  const children = new Set<ChildProcess>()
  const killAll = () => {
    for (const child of children) child.kill('SIGKILL')
  }
  process.once('exit', killAll)
  let count = 0
  return {
    folder,
    run(file, args, env = {}) {
      const log = join(folder, `${count++}.log`)
      const fd = openSync(log, 'w')
      const child = spawn(file, args, {
        cwd: folder,
        stdio: ['ignore', fd, fd],
        env: { ...process.env, ...env },
      })
      children.add(child)
      child.once('exit', () => children.delete(child))
      child.once('error', () => children.delete(child))
      return {
        pid: child.pid ?? 0,
        output: () => readFileSync(log, 'utf8'),
        hasEnded: () => !children.has(child),
      }
    },
    async stop() {
      const ended = [...children].map(child => new Promise(resolve => child.once('exit', resolve)))
      killAll()
      await Promise.all(ended)
      process.off('exit', killAll)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until `ready` answers something; throws with what the process said when it ends first or takes half a minute. */
export async function until<T>(
  started: Started,
  what: string,
  ready: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const giveUpAtMs = Date.now() + 30_000
  while (!started.hasEnded() && Date.now() < giveUpAtMs) {
    const answer = await ready()
    if (answer !== undefined) return answer
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`${what} did not start: ${started.output()}`)
}

/** True when something listens there. */
export function listens(at: number | string): Promise<true | undefined> {
  return new Promise(resolve => {
    const socket = typeof at === 'number' ? connect(at, '127.0.0.1') : connect(at)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(undefined))
  })
}

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { secondMs } from '../../base/time.ts'
import type { ProcessState } from '../../model/api.ts'

/** A child that lived for so long had started well: the next restart is immediate again. */
const steadyMs = 10 * secondMs
const longestWaitMs = 5 * secondMs

export interface ChildOptions<Out> {
  id: string
  title: string
  /** URL of the module that the child runs. */
  module: URL
  /** Called with each new child, before it said anything. */
  onStart(send: (message: object) => void): void
  onMessage(message: Out): void
  /** The state of the child has changed. */
  onChange(): void
  /** How it ended, unless it was told to. */
  onLoss(how: string): void
}

export interface Child {
  state(): ProcessState
  send(message: object): void
  /** Tells the child to stop and waits; after `graceMs` it is killed. */
  stop(message: object, graceMs: number): Promise<void>
}

/** Runs a module as a child process and starts it again whenever it ends, at once and then at growing distances. */
export function keepChild<Out>(options: ChildOptions<Out>): Child {
  let child: ChildProcess
  let startedMs = 0
  let restarts = 0
  let failures = 0
  let up = false
  let isStopping = false
  let waiting: NodeJS.Timeout | undefined

  const send = (message: object) => {
    if (child.connected) child.send(message, () => {})
  }
  const start = () => {
    startedMs = Date.now()
    up = true
    child = fork(fileURLToPath(options.module), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    // `node --watch` puts messages of its own on the channel.
    child.on('message', message => {
      if (typeof message === 'object' && 'say' in message) options.onMessage(message as Out)
    })
    child.on('error', () => {})
    child.once('exit', (code, signal) => {
      up = false
      if (isStopping) return
      failures = Date.now() - startedMs > steadyMs ? 0 : failures + 1
      options.onLoss(signal ?? `exit ${code}`)
      options.onChange()
      const waitMs = failures < 2 ? 0 : Math.min(longestWaitMs, 100 * 2 ** failures)
      waiting = setTimeout(() => {
        restarts++
        start()
      }, waitMs)
    })
    options.onStart(send)
    options.onChange()
  }
  start()

  return {
    state: () => ({ id: options.id, title: options.title, up, pid: child.pid ?? 0, startedMs, restarts }),
    send,
    async stop(message, graceMs) {
      isStopping = true
      clearTimeout(waiting)
      if (!up) return
      const ended = new Promise(resolve => child.once('exit', resolve))
      send(message)
      const killing = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(killing)
    },
  }
}

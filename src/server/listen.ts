import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { Fault } from '../base/fault.ts'
import { secondMs } from '../base/time.ts'

export interface Listening {
  /** 0 for a socket in the file system. */
  port: number
  /** Answers what is under way and ends the streams. */
  close(): Promise<void>
}

/** Serves the app at an address; port 0 takes a free one. Throws a Fault when the address cannot be had. */
export async function listenAt(app: Hono, at: { host: string; port: number }): Promise<Listening> {
  const server = serverOf(app)
  await listening(server, () => server.listen(at.port, at.host), `${at.host} port ${at.port}`)
  return { port: (server.address() as AddressInfo).port, close: () => close(server) }
}

/**
 * Serves the app at a socket that only this user may open. A socket left behind by a process that died is taken over; a living one is not.
 */
export async function listenAtSocket(app: Hono, path: string): Promise<Listening> {
  const isPipe = path.startsWith('\\\\')
  if (!isPipe) {
    if (await isAnswered(path))
      throw new Fault('environment', 'store-in-use', `another process already serves the store at ${path}`, {
        hint: 'stop it, or give another directory with --store',
      })
    rmSync(path, { force: true })
  }
  const server = serverOf(app)
  // Between listen and chmod the socket would have the mode of the umask.
  const umask = process.umask(0o177)
  try {
    await listening(server, () => server.listen(path), path)
  } finally {
    process.umask(umask)
  }
  if (!isPipe) chmodSync(path, 0o600)
  return { port: 0, close: () => close(server) }
}

function serverOf(app: Hono): Server {
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  server.headersTimeout = 10 * secondMs
  server.requestTimeout = 30 * secondMs
  return server
}

function listening(server: Server, start: () => void, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(faultOf(error, where)))
    server.once('listening', () => resolve())
    start()
  })
}

function faultOf(error: NodeJS.ErrnoException, where: string): Error {
  if (error.code === 'EADDRINUSE')
    return new Fault('environment', 'address-taken', `${where} is taken by another program`, {
      hint: 'give another address, such as --listen 127.0.0.1:0 for a free port',
      cause: error,
    })
  if (error.code === 'EACCES')
    return new Fault('environment', 'address-denied', `not allowed to listen at ${where}`, {
      hint: 'ports below 1024 need a privilege: give a higher one with --listen 127.0.0.1:7443',
      cause: error,
    })
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new Fault('environment', 'address-unknown', `this machine has no address ${where}`, {
      hint: '--listen 127.0.0.1:7443',
      cause: error,
    })
  return error
}

async function close(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    server.close(() => resolve())
    server.closeIdleConnections()
    // Event streams have no end of their own.
    setTimeout(() => server.closeAllConnections(), secondMs / 4).unref()
  })
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

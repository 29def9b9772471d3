import { homedir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { Location } from '../store/location.ts'

/** Where `serve` listens when nothing is said. */
const usualListen = { host: '127.0.0.1', port: 7443 }

/** Where the gateway leaves what it saw: beside the store, or in this user's state directory when the store is a server. */
export function spoolDirOf(location: Location, env: Record<string, string | undefined>): string {
  if (location.kind === 'directory') return join(location.path, 'spool')
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'tlsunset', 'spool')
}

/** Reads `7443`, `0.0.0.0:7443`, `[::1]:7443` or `console.example.com:7443`. */
export function parseListen(text: string | undefined): { host: string; port: number } {
  if (text === undefined) return usualListen
  const match = /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/i.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535)
    throw new Fault('usage', 'listen', `--listen is ${JSON.stringify(text)}, not an address and port`, {
      hint: '--listen 127.0.0.1:7443',
    })
  return { host: match[1] ?? match[2] ?? usualListen.host, port }
}

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

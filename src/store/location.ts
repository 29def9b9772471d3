import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'

/** Where observations are kept: a directory of the embedded engine, its memory, or a ClickHouse server. */
export type Location =
  | { kind: 'memory' }
  | { kind: 'directory'; path: string }
  | { kind: 'server'; url: string; username: string; password: string; database: string }

/**
 * Reads what `--store` was given: a directory, `:memory:`, or `http(s)://user:password@host:8123/database`. Nothing given means the
 * directory of this user (`$XDG_STATE_HOME/tlsunset/store`, `~/.local/state/tlsunset/store`).
 */
export function parseLocation(
  text: string | undefined,
  world: { cwd: string; env: Record<string, string | undefined> },
): Location {
  const wanted = text ?? world.env.TLSUNSET_STORE
  if (wanted === undefined || wanted === '')
    return {
      kind: 'directory',
      path: join(world.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'tlsunset', 'store'),
    }
  if (wanted === ':memory:') return { kind: 'memory' }
  if (!/^https?:\/\//i.test(wanted)) return { kind: 'directory', path: resolve(world.cwd, wanted) }
  let url: URL
  try {
    url = new URL(wanted)
  } catch {
    throw new Fault('usage', 'store-url', 'the store is not a valid URL', {
      hint: '--store http://user:password@host:8123/database',
    })
  }
  const database = decodeURIComponent(url.pathname.replace(/^\/+|\/+$/g, ''))
  return {
    kind: 'server',
    url: url.origin,
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password) || world.env.TLSUNSET_STORE_PASSWORD || '',
    database: database || 'default',
  }
}

/** The location as people may see it: never with a password. */
export function locationText(location: Location): string {
  if (location.kind === 'memory') return 'memory'
  if (location.kind === 'directory') return location.path
  return `${location.url}/${location.database}`
}

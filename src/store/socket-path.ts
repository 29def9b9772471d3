import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Longest path of a Unix socket that every system takes (104 bytes on macOS, with the final zero). */
const longest = 103

/**
 * Where the process that owns a store directory listens for other commands: a Unix socket in the directory, or a named pipe on Windows. A
 * path too long for a socket moves to the directory for temporary files, under a name made from the store's path.
 */
export function socketPath(directory: string, platform: NodeJS.Platform = process.platform): string {
  const path = resolve(directory)
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\tlsunset-${name}`
  const beside = join(path, 'tlsunset.sock')
  return Buffer.byteLength(beside) <= longest ? beside : join(tmpdir(), `tlsunset-${name}.sock`)
}

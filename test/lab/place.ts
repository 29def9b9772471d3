import { accessSync, constants, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the lab keeps between runs: throw-away keys, compiled clients, old runtimes. Deleted with node_modules. */
export const labFolder = fileURLToPath(new URL('../../node_modules/.cache/tlsunset-lab/', import.meta.url))

export function labPath(...parts: string[]): string {
  mkdirSync(labFolder, { recursive: true })
  return join(labFolder, ...parts)
}

/** Full path of a program; undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
  return undefined
}

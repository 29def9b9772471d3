import { accessSync, constants, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the lab keeps between runs: throw-away keys, compiled clients, old runtimes. Deleted with node_modules. */
const labFolder = fileURLToPath(new URL('../../node_modules/.cache/tlsunset-lab/', import.meta.url))

export function labPath(...parts: string[]): string {
  mkdirSync(labFolder, { recursive: true })
  return join(labFolder, ...parts)
}

/** Full path of a program; undefined when it is not installed. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {}
  }
  return undefined
}

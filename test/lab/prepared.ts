import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { labPath } from './place.ts'

/**
 * A folder that `make` fills once, shared by test processes that run side by side: it appears whole or not at all. `of` names what it was
 * made from, so that it is made again when that changes.
 */
export function preparedFolder(name: string, of: string[], make: (folder: string) => void): string {
  const hash = createHash('sha256')
  for (const file of of) hash.update(readFileSync(file))
  const folder = labPath(`${name}-${hash.digest('hex').slice(0, 12)}`)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  make(draft)
  try {
    renameSync(draft, folder)
  } catch {
    rmSync(draft, { recursive: true, force: true })
  }
  return folder
}

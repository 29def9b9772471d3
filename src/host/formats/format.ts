import type { Remedy } from '../remedy.ts'

/** A file of a remedy, to be written below the folder that the operator names. */
export interface RemedyFile {
  /** Relative, with forward slashes. */
  path: string
  content: string | Uint8Array
}

/** One way to carry a remedy out, always with its undo. */
export interface Format {
  id: string
  title: string
  /** What the operator does with the files. */
  use: string
  write(remedy: Remedy): RemedyFile[]
}

/** Hive and path apart: `HKEY_LOCAL_MACHINE` and `SYSTEM\…`. */
export function splitHive(key: string): { hive: string; path: string } {
  const cut = key.indexOf('\\')
  return { hive: key.slice(0, cut), path: key.slice(cut + 1) }
}

/** Lines that open a file: what it does, for whom, and what it needs. */
export function headline(remedy: Remedy, what: string): string[] {
  return [
    `tlsunset: ${what} on ${remedy.host} (${remedy.os})`,
    ...remedy.prerequisites.map(({ text }) => `first: ${text}`),
    ...remedy.notes.map(note => `then: ${note}`),
  ]
}

import type { Version } from './version.ts'

/** Who speaks through the place: code that dials out, code that accepts, or an object that serves both. */
export type Side = 'client' | 'server' | 'either'

/**
 * What a place does to the floor: `breaks` leaves nothing at or above it, `allows` still lets older versions in, `inherits` depends on a
 * default of the library or the system, `note` is worth a look and never counts.
 */
export type Effect = 'breaks' | 'allows' | 'inherits' | 'note'

/** `sure`: the text says it; `likely`: it rests on one inference (a name, a convention of the file). */
export type Certainty = 'sure' | 'likely'

/** A place in a file. Lines and columns count from 1, columns in UTF-16 units; offsets count from 0 in the decoded text. */
export interface Place {
  path: string
  start: number
  end: number
  line: number
  column: number
  endLine: number
  endColumn: number
}

/** One replacement in the decoded text of a file. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** A place that forces, allows or inherits legacy TLS. */
export interface Finding {
  rule: string
  place: Place
  /** Other places that belong to it, such as the use of a constant. */
  related: { place: Place; message: string }[]
  side: Side
  effect: Effect
  certainty: Certainty
  /** Versions that the place names, oldest first; empty when it names none (a security level, a switch). */
  versions: Version[]
  /** The library or product that makes the TLS on the wire: `.NET`, `OpenSSL`, `nginx`. */
  stack: string
  message: string
  why: string
  fix: string
  /** Edits that `--fix` makes; absent when a person has to decide. */
  edits?: Edit[]
  /** Stays the same when lines above move: hash of rule, path and the text of the place. */
  fingerprint: string
  /** Test, vendored or generated code: reported as a note and never edited. */
  secondary?: 'test' | 'vendored' | 'generated'
  /** The source line, for code frames. */
  snippet: string
}

import { setFlagsFromString } from 'node:v8'

/**
 * Asks the engine, for the rest of this process and its threads, to wait longer before it compiles a function to machine code. A scan meets most of
 * its code a few thousand times at most: compiling it, in every thread anew, took two fifths of the time of parsing. Only the engine of Node 20 (V8 11)
 * has no cheaper tier in between and is told; later ones measure by other rules.
 */
export function compileLess() {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=2000000')
}

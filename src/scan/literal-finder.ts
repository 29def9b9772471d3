import { readFileSync } from 'node:fs'
import { startProgram } from '../base/wasm.ts'
import { literalCount, tableBytes } from './literal-tables.ts'

/** What literals.c exports; addresses are of its memory. */
interface Literals {
  memory: { buffer: ArrayBuffer }
  text(): number
  textBytes(): number
  tables(): number
  found(): number
  wanted(): number
  find(length: number, set: number): number
}

const setCount = 128

/**
 * Looks for many literals at once, ASCII case aside. Each is known by four of its bytes; sixteen places of a text are held against all of them by a
 * few vector instructions, and only where they agree with some group of literals is a place looked up by the hash of its bytes.
 */
export class LiteralFinder {
  /** Where a text is put that is to be searched; a file is read right into it. */
  readonly text: Buffer
  readonly #literals: Literals
  readonly #memory: Buffer
  readonly #found: Buffer
  #sets = 1

  constructor(tables: Buffer) {
    this.#literals = startProgram<Literals>(readFileSync(new URL('./literals.wasm', import.meta.url)))
    this.#memory = Buffer.from(this.#literals.memory.buffer)
    const part = (from: number, length: number) => this.#memory.subarray(from, from + length)
    this.text = part(this.#literals.text(), this.#literals.textBytes())
    this.#found = part(this.#literals.found(), literalCount)
    part(this.#literals.tables(), tableBytes).set(tables)
  }

  /** A set of literals by their numbers, at the first of which a search may end. */
  setOf(numbers: Iterable<number>): number {
    if (this.#sets === setCount) throw new RangeError('too many sets of literals')
    const at = this.#literals.wanted() + this.#sets * literalCount
    for (const number of numbers) this.#memory[at + number] = 1
    return this.#sets++
  }

  /** Whether the first bytes of `text` hold a literal of the set. */
  holds(length: number, set: number): boolean {
    return this.#literals.find(length, set) === 1
  }

  /** For each literal, by its number, whether the first bytes of `text` hold it. */
  all(length: number): Uint8Array {
    this.#literals.find(length, 0)
    return this.#found
  }
}

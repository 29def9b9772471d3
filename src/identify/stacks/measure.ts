import type { StackGuess } from '../../model/verdict.ts'
import { type KnownHello, knownHellos } from './compare.ts'
import { nameFeatures } from './name.ts'
import { engineTitles, stacks } from './stacks.ts'

/** How well hellos are named that are not in the table. The first five add up to `hellos`. */
export interface NamingScore {
  hellos: number
  /** The stack itself. */
  right: number
  /** Another stack of the same library. */
  sameLibrary: number
  /** "unknown, but looks like" the right library. */
  looksLike: number
  unknown: number
  wrongLibrary: number
  /** Said to be proven. */
  proven: number
  /** Said to be proven, and another stack: must be none. */
  provenWrong: number
  /** One line for each that is wrong. */
  mistakes: string[]
}

/** Names every hello of the table from a table without it: without the one entry, or without everything from its source. */
export function measureNaming(held: 'entry' | 'source', known = knownHellos()): NamingScore {
  const score: NamingScore = {
    hellos: 0,
    right: 0,
    sameLibrary: 0,
    looksLike: 0,
    unknown: 0,
    wrongLibrary: 0,
    proven: 0,
    provenWrong: 0,
    mistakes: [],
  }
  for (const hello of known) {
    const rest = known.filter(other => (held === 'entry' ? other !== hello : other.source !== hello.source))
    rate(hello, nameFeatures(hello.features, hello.ja3, '', rest), score)
  }
  return score
}

function rate(hello: KnownHello, guess: StackGuess, score: NamingScore): void {
  const truth = stacks.get(hello.stack)!
  const guessed = stacks.get(guess.id)
  const engine =
    guessed?.engine ??
    Object.entries(engineTitles).find(([, title]) => guess.title.endsWith(` ${title}`))?.[0]
  score.hellos++
  const said = `${hello.name || hello.stack} (${hello.stack}): ${guess.title}`
  if (guess.id === hello.stack) score.right++
  else if (engine === undefined) score.unknown++
  else if (engine !== truth.engine) {
    score.wrongLibrary++
    score.mistakes.push(said)
  } else if (guessed) score.sameLibrary++
  else score.looksLike++
  if (guess.strength !== 'proves') return
  score.proven++
  // A program is rightly named by the library it uses.
  const isLibraryOfIt = truth.program && guessed?.engine === truth.engine && !guessed.program
  if (guess.id !== hello.stack && !isLibraryOfIt) {
    score.provenWrong++
    score.mistakes.push(`proven wrongly: ${said}`)
  }
}

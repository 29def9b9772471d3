import type { Offer } from '../../model/offer.ts'
import type { HelloShape, UsageRow } from '../../model/usage.ts'
import type { StackGuess } from '../../model/verdict.ts'
import { TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import {
  exactKey,
  type Features,
  featuresOf,
  type KnownHello,
  knownHellos,
  likeness,
  likenessAtMost,
} from './compare.ts'
import { engineTitles, type Stack, stacks } from './stacks.ts'
import { traitsOf } from './traits.ts'
import { agentStack } from './user-agent.ts'

/**
 * Above this the nearest hello of the table is taken for the same stack with other settings: measured (`npm run bench -- stacks`), it is so in three
 * of four cases, and nearly always of the same library.
 */
const alike = 0.8
/** Above this only the library is named: "unknown, but looks like". */
const similar = 0.6
/** Hellos that are as near as this to the nearest are candidates too. */
const closeness = 0.03

/**
 * Names the stack behind a hello, as surely as the hello allows. `proves` only when the whole hello is in the table and every entry that equals
 * it is of the same stack, and nothing in it speaks for another library; several candidates stay in `also`, and what tells them apart in `check`.
 * JA3 carries the order of extensions, which an offer from the dictionary of shapes has lost. A user agent can choose between candidates of the same library; it never overrules a hello.
 */
export function nameStack(offer: Offer | null, ja3 = '', userAgent = ''): StackGuess {
  if (offer !== null) return nameFeatures(featuresOf(offer), ja3, userAgent)
  const agent = agentStack(userAgent)
  return agent ? guessOf(agent, 'suggests', [], 0) : unknown()
}

/** Names the stacks of rows, each hello and user agent once. */
export function stackNamer(): (row: UsageRow, shape: HelloShape | undefined) => StackGuess {
  const named = new Map<string, StackGuess>()
  return (row, shape) => {
    const key = `${row.shape}\n${row.userAgent}`
    let guess = named.get(key)
    if (guess === undefined) {
      guess = nameStack(shape?.offer ?? null, shape?.ja3, row.userAgent)
      named.set(key, guess)
    }
    return guess
  }
}

/** The same for a hello given by its features, against a table of one's own: for measuring how well hellos are named that are not in it. */
export function nameFeatures(
  features: Features,
  ja3 = '',
  userAgent = '',
  known: readonly KnownHello[] = knownHellos(),
): StackGuess {
  const agent = agentStack(userAgent)
  const equal = equals(features, ja3, known)
  return equal.length > 0 ? fromEqual(equal, features, agent) : fromNearest(features, known, agent)
}

/** Entries that equal the hello; where JA3 tells some of them apart by the order of their extensions, only those. */
function equals(features: Features, ja3: string, known: readonly KnownHello[]): KnownHello[] {
  const key = exactKey(features)
  const equal = known.filter(hello => !hello.partial && exactKeyOf(hello) === key)
  const ordered = equal.filter(hello => hello.ja3 !== '' && hello.ja3 === ja3)
  return ordered.length > 0 ? ordered : equal
}

const keys = new WeakMap<KnownHello, string>()

function exactKeyOf(hello: KnownHello): string {
  const found = keys.get(hello)
  if (found !== undefined) return found
  const key = exactKey(hello.features)
  keys.set(hello, key)
  return key
}

function fromEqual(equal: readonly KnownHello[], features: Features, agent: Stack | undefined): StackGuess {
  const highest = highestOf(features)
  const candidates = stacksOf(equal)
  const traits = traitsOf(features)
  const agreed = agent && candidates.find(stack => stack.id === agent.id)
  if (agreed) return guessOf(agreed, 'proves', candidates, highest)
  const first = candidates[0]!
  if (agent && agent.engine === first.engine && candidates.every(stack => stack.engine === agent.engine))
    return guessOf(agent, 'suggests', candidates, highest)
  const limited = highest < first.reaches
  const sure =
    candidates.length === 1 &&
    !first.program &&
    !limited &&
    isTelling(features) &&
    (traits === null || traits.has(first.engine))
  return sure ? guessOf(first, 'proves', candidates, highest) : suggest(first, candidates, highest)
}

/** A hello with few fields is anyone's. */
function isTelling(features: Features): boolean {
  return features.suites.length >= 5 && features.extensions.length >= 3
}

function fromNearest(features: Features, known: readonly KnownHello[], agent: Stack | undefined): StackGuess {
  const highest = highestOf(features)
  const traits = traitsOf(features)
  const ranked = nearest(
    features,
    known.filter(hello => traits === null || traits.has(stacks.get(hello.stack)!.engine)),
  )
  const best = ranked[0]
  if (!best || best.score < similar) {
    if (agent && (traits === null || traits.has(agent.engine))) return guessOf(agent, 'suggests', [], highest)
    return traits?.size === 1 ? looksLike([...traits][0]!, [], highest) : unknown()
  }
  const close = ranked.filter(entry => entry.score > best.score - closeness && entry.score >= similar)
  const candidates = stacksOf(close.map(entry => entry.hello))
  if (agent && agent.engine === best.stack.engine) return guessOf(agent, 'suggests', candidates, highest)
  if (best.score >= alike) return suggest(best.stack, candidates, highest)
  return looksLike(best.stack.engine, candidates, highest)
}

interface Ranked {
  hello: KnownHello
  stack: Stack
  score: number
}

/** The hellos that are like enough, the nearest first; those that cannot come close to the nearest are left out unmeasured. */
function nearest(features: Features, known: readonly KnownHello[]): Ranked[] {
  const bounds = known
    .map(hello => ({ hello, atMost: likenessAtMost(features, hello.features) }))
    .filter(({ atMost }) => atMost >= similar)
    .sort((a, b) => b.atMost - a.atMost)
  const ranked: Ranked[] = []
  let best = 0
  for (const { hello, atMost } of bounds) {
    if (atMost <= best - closeness) break
    const score = likeness(features, hello.features)
    ranked.push({ hello, stack: stacks.get(hello.stack)!, score })
    best = Math.max(best, score)
  }
  return ranked.sort((a, b) => b.score - a.score)
}

function highestOf({ versions, legacyVersion }: Features): Version {
  const offered = versions.filter(version => version <= TLS_1_3)
  return offered.length > 0 ? Math.max(...offered) : Math.min(legacyVersion, TLS_1_2)
}

/** Distinct stacks: libraries before the programs that use them, then the most frequent first. */
function stacksOf(hellos: readonly KnownHello[]): Stack[] {
  const counts = new Map<Stack, number>()
  for (const hello of hellos) {
    const stack = stacks.get(hello.stack)!
    counts.set(stack, (counts.get(stack) ?? 0) + 1)
  }
  return [...counts]
    .sort((a, b) => Number(a[0].program ?? false) - Number(b[0].program ?? false) || b[1] - a[1])
    .map(([stack]) => stack)
}

/** By the hello alone: it tells the library, and which of its programs sent it is a guess unless the library itself is among the candidates. */
function suggest(stack: Stack, candidates: readonly Stack[], highest: Version): StackGuess {
  const guess = guessOf(stack, 'suggests', candidates, highest)
  const isOpen = stack.program && !candidates.some(other => other.engine === stack.engine && !other.program)
  return isOpen
    ? { ...guess, also: [...guess.also, `another program over ${engineTitles[stack.engine]}`] }
    : guess
}

function guessOf(
  stack: Stack,
  strength: StackGuess['strength'],
  candidates: readonly Stack[],
  highest: Version,
): StackGuess {
  const others = candidates.filter(other => other.id !== stack.id)
  return {
    id: stack.id,
    title: stack.title,
    strength,
    also: others.map(other => other.title),
    remedy: highest > 0 && highest < stack.reaches ? stack.pinned : (stack.remedy ?? stack.pinned),
    ...(others.length > 0 || strength === 'suggests' ? { check: stack.check } : {}),
  }
}

/** A library of which one stack is listed is that stack; of others the age is not known. */
function looksLike(engine: Stack['engine'], candidates: readonly Stack[], highest: Version): StackGuess {
  const [only, another] = [...stacks.values()].filter(stack => stack.engine === engine)
  if (only && !another) return guessOf(only, 'suggests', candidates, highest)
  return {
    id: 'unknown',
    title: `unknown, but looks like ${engineTitles[engine]}`,
    strength: 'suggests',
    also: candidates.map(stack => stack.title),
    remedy: 'unknown-client',
    ...(candidates[0] ? { check: candidates[0].check } : {}),
  }
}

function unknown(): StackGuess {
  return { id: 'unknown', title: 'unknown', strength: 'suggests', also: [], remedy: 'unknown-client' }
}

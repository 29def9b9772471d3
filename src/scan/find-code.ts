import type { Side } from '../model/finding.ts'
import type { Version } from '../model/version.ts'
import type { Role, Shape } from './judge.ts'
import {
  type Code,
  elementStart,
  headerWords,
  isCodeBlock,
  isJoint,
  pathContinues,
  pathOf,
  pathStart,
  statementStart,
} from './lex/code.ts'
import { type Atom, atomsIn, type Flow, type Read, type Slot } from './lex/flow.ts'
import { calleeOf } from './lex/slots.ts'
import { usageOf } from './lex/usage.ts'
import { mendAtoms } from './mend.ts'
import type { Hit, Recipe } from './recipe.ts'
import { roleOfKey } from './roles.ts'
import type { Source } from './source.ts'

/** What a constant stands for. */
export interface Meaning {
  versions: readonly Version[]
  /** What it does where nothing around it says otherwise. */
  role?: Role
  side?: Side
}

/** What a fix may want to know of the place. */
export interface Raising {
  role: Role
  side: Side
  slot: Slot | undefined
}

export interface CodeSearch {
  /** Constants that speak for themselves wherever they are used. `quick` is tested on the last name alone. */
  constant?: { quick: RegExp; means(path: string, flow: Flow): Meaning | undefined }
  /** Slots whose strings and numbers are versions; undefined for any other slot. */
  slot?(slot: Slot, flow: Flow): { role: Role; side?: Side } | undefined
  /** Reads a string or number of such a slot; `isDirect` when it stands there itself (token `at`) rather than behind a name. */
  read?(
    text: string,
    kind: 'string' | 'number',
    slot: Slot,
    isDirect: boolean,
    at: number,
  ): readonly Version[] | undefined
  /** Reads a bare word of such a slot, where words are values (PowerShell parameters). */
  readName?(text: string, slot: Slot): readonly Version[] | undefined
  side: Side | 'guess'
  /** The spelling of TLS 1.2 that takes the place of a legacy one; undefined leaves it to a person. */
  raise?(text: string, about: Raising): string | undefined
  /** What to do when nothing modern is left: `drop` the setting, raise it, or drop only settings with such a name. */
  whenPinned?: 'drop' | 'raise' | RegExp
}

/** Places in a program that set versions: by constants that speak for themselves, and by strings and numbers in slots that hold versions. */
export function* findInCode(source: Source, floor: Version, wanted: CodeSearch): Iterable<Hit> {
  const flow = source.flow()
  if (!flow) return
  const search = shaped(wanted)
  const groups = new Map<number, Group>()
  if (search.slot && search.read) collectSlots(flow, search, groups)
  if (search.constant) collectConstants(flow, search, groups)
  for (const group of groups.values()) yield* judgeGroup(flow, floor, search, group)
}

/** One shape for the searches of all recipes: see the table of syntaxes. */
function shaped({ constant, slot, read, readName, side, raise, whenPinned }: CodeSearch): CodeSearch {
  const means = constant && { quick: constant.quick, means: constant.means }
  return { constant: means, slot, read, readName, side, raise, whenPinned } as CodeSearch
}

interface Group {
  key: number
  slot: Slot | undefined
  role: Role
  side: Side | undefined
  atoms: Atom[]
}

function collectSlots(flow: Flow, search: CodeSearch, groups: Map<number, Group>) {
  for (const slot of flow.slots) {
    const holds = search.slot!(slot, flow)
    if (!holds) continue
    const read: Read = ({ kind, text, at }) => {
      const value =
        kind === 'path'
          ? search.readName?.(text, slot)
          : search.read!(text, kind, slot, slot.from <= at && at < slot.to, at)
      if (value) return value
      if (kind !== 'path' || !search.constant?.quick.test(flow.code.tokens[at]!.text)) return undefined
      return search.constant.means(text, flow)?.versions
    }
    const atoms = atomsIn(flow, slot.from, slot.to, read)
    if (atoms.length === 0) continue
    const key = flow.code.tokens[slot.at]!.start
    groups.set(key, { key, slot, role: holds.role, side: holds.side, atoms })
  }
}

function collectConstants(flow: Flow, search: CodeSearch, groups: Map<number, Group>) {
  const { code } = flow
  const { quick, means } = search.constant!
  const taken = new Set<number>()
  for (const group of groups.values()) for (const atom of group.atoms) taken.add(atom.start)
  for (let i = 0; i < code.tokens.length; i++) {
    const token = code.tokens[i]!
    if (token.kind !== 'word' || !quick.test(token.text) || pathContinues(code, i)) continue
    const meaning = means(pathOf(code, i), flow)
    if (!meaning) continue
    const from = pathStart(code, i)
    if (!taken.has(code.tokens[from]!.start)) addConstant(flow, search, groups, meaning, from, i)
  }
}

function addConstant(
  flow: Flow,
  search: CodeSearch,
  groups: Map<number, Group>,
  meaning: Meaning,
  from: number,
  last: number,
) {
  const { code } = flow
  const { quick } = search.constant!
  const { start } = code.tokens[from]!
  const { end } = code.tokens[last]!
  const atom: Atom = {
    from,
    last,
    start,
    end,
    text: code.text.slice(start, end),
    versions: meaning.versions,
    usage: usageOf(code, from, last),
  }
  // A member of a list names none of the others.
  const around = slotsAround(flow, from, last).filter(slot => slot.kind !== 'pair' || !quick.test(slot.name))
  const named = around
    .map(slot => ({ slot, holds: search.slot?.(slot, flow) ?? roleOfKey(slot.name) }))
    .find(found => found.holds)
  const slot =
    named?.slot ??
    around.find(found => found.kind === 'set' || (found.kind === 'call' && !isWrapper(found.name)))
  const key = slot ? code.tokens[slot.at]!.start : code.tokens[elementStart(code, from)]!.start
  const group = groups.get(key)
  const side = meaning.side ?? (named && 'side' in named.holds! ? named.holds.side : undefined)
  if (group) group.atoms.push(atom)
  else groups.set(key, { key, slot, role: meaning.role ?? named?.holds?.role ?? 'only', side, atoms: [atom] })
}

const wrappers =
  /^(?:of|asList|List|Set|Seq|Array|Vector|arrayOf|listOf|setOf|mutableListOf|Some|some|singletonList|singleton|Optional|ofNullable|toArray|vec|String|set|list|tuple|frozenset|u?int(?:8|16|32|64)?|long|byte|short|CType|DirectCast|ToObject|pick|Arrays|copyOf|newArrayList|newHashSet)$/

function isWrapper(name: string): boolean {
  return wrappers.test(name)
}

/** Slots whose value holds token `i`, innermost first, within the statement. */
function slotsAround(flow: Flow, i: number, last: number): Slot[] {
  const statement = valueStart(flow.code, i, last)
  return flow.slots
    .filter(slot => slot.at >= statement && slot.from <= i && i < slot.to) // the end is dear, so it comes last
    .sort((a, b) => a.to - a.from - (b.to - b.from) || b.at - a.at)
}

/** The statement that takes the value: where `if (…) { a } else { b }` has one, that is the statement around the block. */
function valueStart(code: Code, from: number, last: number): number {
  const statement = statementStart(code, from)
  const block = code.up[from]!
  const isResult =
    /^(?:kotlin|scala|rust)$/.test(code.language) &&
    statement === from &&
    block >= 0 &&
    code.tokens
      .slice(last + 1, code.mate[block]! < 0 ? last : code.mate[block]!)
      .every(({ kind }) => kind === 'end')
  return isResult ? statementStart(code, block) : statement
}

/** What a test or a check holds against the version that it saw, and what nobody reads. */
const comparedName =
  /^\$?(?:(?:expect(?:ed)?|want(?:ed)?|actual|got|unused)(?:$|[A-Z_\d])|(?:EXPECTED|WANTED|ACTUAL)(?:$|_))/

const oneVersion = /^(?:D?TLS|SSL)_?v?_?[1-3](?:[._]?[0-3])?$/i

/** `SSLv3 = new ProtocolVersion(0x0300, "SSL 3.0")`: what a version is called. */
function isDefinition({ code, slots }: Flow, { at, kind }: Slot): boolean {
  const isMade = kind === 'call' && code.tokens[pathStart(code, at - 1) - 1]?.text === 'new'
  return slots.some(
    ({ op, name, at: own, from, to }) =>
      op === '=' && oneVersion.test(name) && (own === at || (isMade && from <= at && at < to)),
  )
}

/** `WEAK_PROTOCOLS = {…}`, `insecureVersions = […]`: what a program looks out for. */
function isListOfRefused({ slot, atoms }: Group): boolean {
  return (
    (slot!.kind === 'set' || slot!.name.startsWith('@')) &&
    (atoms.length > 1 || /s$|list|set/i.test(slot!.name)) &&
    namesRefused(slot!.name)
  )
}

/** Names of lists that a value is held against rather than taken from. */
export function namesRefused(name: string): boolean {
  return /weak|insecure|unsafe|forbid|deprecat|banned|black|obsolete|outdated|vulnerable|unsupported|disallow|reject|refuse|possible|available|known|(?:^|_)valid|^valid(?=[A-Z_])/i.test(
    name,
  )
}

/** `verify(socket).setEnabledProtocols(…)`: what a mock was told. */
function isVerified(code: Code, slot: Slot): boolean {
  const callee = slot.kind === 'call' && slot.op === '(' ? calleeOf(code, slot.at) : undefined
  if (!callee) return false
  const receiver = pathStart(code, callee.at) - 2
  if (code.tokens[receiver]?.text !== ')' || code.mate[receiver]! < 0) return false
  return /^(?:verify|assertThat|expect)$/.test(calleeOf(code, code.mate[receiver]!)?.name ?? '')
}

/** `x['k'] = a; x['k'] ??= b`: the second never comes to pass. */
function isSetBefore(flow: Flow, slot: Slot): boolean {
  if (slot.op !== '??=') return false
  const { code } = flow
  const block = (i: number) => {
    let open = code.up[i]!
    while (open >= 0 && !isCodeBlock(code, open)) open = code.up[open]!
    return open
  }
  return flow.slots.some(
    other =>
      other.kind === 'set' &&
      other.op !== '??=' &&
      other.name === slot.name &&
      other.at < slot.at &&
      block(other.at) === block(slot.at),
  )
}

/** `val seen = if (…) parse(line) else SSL_3_0; Handshake.get(seen)`: a local name that is compared or told, and set nowhere. */
function isOnlyTold(code: Code, slot: Slot): boolean {
  if (slot.kind !== 'set' || slot.op !== '=' || isJoint(code.tokens[slot.at - 2])) return false
  const block = code.up[slot.at]!
  const isLocal = code.language === 'elixir' // attributes of a module are written with a sign
  if (!isLocal && block < 0) return false
  if (
    block >= 0 &&
    (!isCodeBlock(code, block) || headerWords(code, block).some(word => typeWords.test(word)))
  )
    return false
  const uses = code
    .wordsAt(slot.name)
    .filter(at => at > slot.at && !isJoint(code.tokens[at - 1]) && code.tokens[at + 1]?.text !== '=')
  return (
    uses.length > 0 &&
    uses.every(at => {
      const usage = usageOf(code, at, at)
      return usage === 'compared' || (usage === 'mentioned' && code.tokens[code.up[at]!]?.text === '(')
    })
  )
}

const typeWords = /^(?:class|object|interface|struct|module|namespace|trait|extension|enum)$/i

function* judgeGroup(flow: Flow, floor: Version, search: CodeSearch, group: Group): Iterable<Hit> {
  if (
    group.slot &&
    (comparedName.test(group.slot.name) ||
      isDefinition(flow, group.slot) ||
      isListOfRefused(group) ||
      isSetBefore(flow, group.slot) ||
      isOnlyTold(flow.code, group.slot) ||
      isVerified(flow.code, group.slot))
  )
    return
  const set = group.atoms.filter(atom => atom.usage === 'plain')
  const mapped = group.atoms.filter(atom => atom.usage === 'mapped')
  const side = group.side ?? (search.side === 'guess' ? guessSide(flow.code, group) : search.side)
  for (const atom of mapped)
    if (atom.versions.some(version => version < floor))
      yield {
        start: atom.start,
        end: atom.end,
        shape: { kind: 'note' },
        side,
        message: 'a setting can choose this version',
      }
  if (set.length === 0) return
  const versions = [...new Set(set.flatMap(atom => atom.versions))].sort((a, b) => a - b)
  const role =
    group.slot && /^[|+]=$/.test(group.slot.op)
      ? 'adds'
      : addsToItself(flow.code, group)
        ? 'adds'
        : group.role
  const shape: Shape = { kind: role, versions }
  const old = set.find(atom => atom.versions.some(version => version < floor)) ?? set[0]!
  const related = old.via
    ? [{ start: old.via.start, end: old.via.end, message: `used here as ${old.via.name}` }]
    : []
  // What a function answers with is not always what a socket is given.
  const isAnswer = !group.slot && flow.code.tokens[old.from - 1]?.text === 'return'
  const canMend = search.raise && !isAnswer
  yield {
    start: old.start,
    end: old.end,
    shape,
    side,
    certainty: old.via || isAnswer ? 'likely' : 'sure',
    edits: canMend ? mendAtoms(flow.code, set, floor, search, { role, side, slot: group.slot }) : undefined,
    related,
  }
}

/** `x.SecurityProtocol = x.SecurityProtocol | …` keeps what is on. */
function addsToItself(code: Code, group: Group): boolean {
  const slot = group.slot
  if (slot?.kind !== 'set' || slot.op !== '=') return false
  for (let i = slot.from; i < slot.to; i++)
    if (
      code.tokens[i]!.kind === 'word' &&
      code.tokens[i]!.text === slot.name &&
      !pathContinues(code, i) &&
      pathOf(code, i).endsWith(slot.path)
    )
      return true
  return false
}

const serverWords =
  /server|listen|accept|kestrel|\bbind\b|daemon|ingress|inbound|acceptor|endpoint|rabbit|usehttps|configurehttps|downstream/i
const clientWords =
  /client|request|connect|dial|fetch|agent|session|smtp|\bhttp\.get|outbound|upstream|adapter|pool|curl|wget|socketfactory|ldap|redis|mongo|kafka|mysql|urlopen|connector|peeraddr|ssl_opts|tlsconfig|handler|ssloptions|urllib3|hackney|httpoison|faraday|resty|\.get\(|\.post\(|retrofit|okhttp/i

/** Client or server, from the words of the statement up to the end of the place's line. */
export function guessSide(code: Code, group: { atoms: readonly Atom[] }): Side {
  const first = group.atoms[0]!
  const start = code.tokens[statementStart(code, first.from)]!.start
  const lineEnd = code.text.indexOf('\n', first.end)
  return sideOf(code.text.slice(start, lineEnd < 0 ? undefined : lineEnd).slice(0, 1500))
}

export function sideOf(text: string): Side {
  const server = serverWords.test(text)
  const client = clientWords.test(text)
  return server === client ? 'either' : server ? 'server' : 'client'
}

/** A recipe that is nothing but one search in programs. */
export function codeRecipe(about: Omit<Recipe, 'find'>, search: CodeSearch): Recipe {
  return { ...about, find: (source, floor) => findInCode(source, floor, search) }
}

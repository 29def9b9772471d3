import { wordVersion } from '../words.ts'
import { type Code, elementStart, headerWords, isCodeBlock, pathStart, statementStart } from './code.ts'
import type { Token } from './lexer.ts'
import { argumentsOf, calleeOf, nameBefore } from './slots.ts'

// Whether a constant stands in a table from settings to versions, or under a question for one: then a setting can choose it, and nothing else does.

/** `"tls1.0": X`, `case "1.0": return X`, `{X, "TLSv1"}`: a table from setting or version to constant. */
export function isMapped(code: Code, from: number, last: number): boolean {
  const { tokens } = code
  const open = code.up[from]!
  if (open > 0 && code.mate[open]! > last && /^(?:Some|Ok)$/.test(calleeOf(code, open)?.name ?? ''))
    return isMapped(code, calleeOf(code, open)!.at, code.mate[open]!)
  if (standsBesideItsName(code, from, last)) return true
  const head = elementStart(code, from)
  for (let at = from - 1; at > head; at--) {
    const token = tokens[at]!
    if (token.kind === 'close' && code.mate[at]! >= 0) at = code.mate[at]!
    else if (
      token.kind === 'op' &&
      ((token.text === ':' && isEntry(code, at)) ||
        token.text === '=>' ||
        token.text === '->' ||
        token.text === '=')
    ) {
      const isArm = token.text === '=>' || token.text === '->'
      const named = tokens[at - 1]?.kind === 'number' ? tokens[at - 1]!.text : nameBefore(code, at)?.name
      // `Some(Protocol::Tlsv10) => …`
      if (isArm && tokens[at - 1]?.text === ')' && namesOneVersion(tokens[at - 2]!.text)) return true
      if (
        named !== undefined &&
        token.text !== '=' &&
        (named === '' || isVersionLike(named) || namesOneVersion(named))
      )
        return true
      if (token.text === '=' && tokens[at - 1]?.text === ']' && indexNamesVersion(code, at - 1)) return true
    }
  }
  if (open >= 0 && !isCodeBlock(code, open)) {
    if (isDictionaryKey(code, open, from)) return true
    const inCall =
      tokens[open]!.text === '(' &&
      calleeOf(code, open) &&
      !/^(?:Map|of|entry|Pair|pair|to|put)$/.test(calleeOf(code, open)!.name)
    // Erlang writes some atoms with quotes and some without.
    const isList = code.language === 'erlang' && tokens[open]!.text === '['
    if (!inCall && !isList)
      for (const arg of argumentsOf(code, open)) {
        if (arg.from <= from && last < arg.to) continue
        const token = tokens[arg.from]!
        if (arg.to - arg.from === 1 && token.kind === 'string' && isVersionLike(token.text))
          return tokens[from]!.kind !== 'string'
      }
  }
  const statement = statementStart(code, from)
  return (
    followsVersionCase(code, statement, last) ||
    isGuardedByVersion(code, statement, from, last) ||
    isUnderTest(code, statement, last) ||
    isOneOfReturned(code, statement, from, last)
  )
}

/** A function that returns three versions or more, each under a condition of its own, says which one it was given. */
function isOneOfReturned(code: Code, statement: number, from: number, last: number): boolean {
  const { tokens } = code
  if (!/^return$/i.test(tokens[statement]!.text) || pathStart(code, from) !== statement + 1) return false
  let body = code.up[statement]!
  if (body < 0 || !isConditional(code, body)) return false
  while (body >= 0 && isConditional(code, body)) body = code.up[body]!
  if (body < 0 || code.mate[body]! < 0) return false
  const owner = tokens[last - 2]?.text
  const returned = new Set<string>()
  for (let at = body; at < code.mate[body]!; at++) {
    if (!/^return$/i.test(tokens[at]!.text) || code.up[at] === body) continue
    const end = at + 1 + last - from
    if (tokens[end]?.kind === 'word' && tokens[end - 2]?.text === owner && tokens[end + 1]?.text === ';')
      returned.add(tokens[end]!.text)
  }
  return returned.size > 2
}

/** The block of an `if`, `else`, `switch` or `case`. */
function isConditional(code: Code, open: number): boolean {
  if (code.tokens[open]!.text !== '{') return false
  const before = code.tokens[open - 1]
  if (before?.text === ')')
    return /^(?:if|elseif|switch)$/i.test(code.tokens[code.mate[open - 1]! - 1]?.text ?? '')
  return /^else$/i.test(before?.text ?? '')
}

/** `if (asked == TLS1_VERSION) { … }` around the statement, however far. */
function isUnderTest(code: Code, statement: number, set: number): boolean {
  for (let open = code.up[statement]!; open >= 0; open = code.up[open]!) {
    if (code.tokens[open]!.text !== '{' || code.tokens[open - 1]?.text !== ')') continue
    for (let at = code.mate[open - 1]! + 1; at > 0 && at < open - 1; at++)
      if (code.tokens[at]!.kind === 'word' && isTestedVersion(code, at, set)) return true
  }
  return false
}

/** `{ "no_tlsv1_2", SSL_OP_NO_TLSv1_2 }`, `{ ngx_string("SSLv2"), NGX_SSL_SSLv2 }`: a table of names. */
function standsBesideItsName(code: Code, from: number, last: number): boolean {
  const own = code.tokens[last]!
  let open = code.up[from]!
  if (open >= 0 && code.tokens[open]!.text === '(') open = code.up[open]!
  if (open < 0 || code.tokens[open]!.text !== '{' || isCodeBlock(code, open)) return false
  const name = flat(own.text)
  for (const arg of argumentsOf(code, open)) {
    if (arg.from <= from && last < arg.to) continue
    for (let at = arg.from; at < arg.to; at++) {
      const other = code.tokens[at]!
      // `{ TLS1_2_VERSION, SSL_OP_NO_TLSv1_2 }`: two names of one version
      if (other.kind === 'word' && own.kind === 'word' && /_NO_/.test(other.text) !== /_NO_/.test(own.text)) {
        const version = versionIn(other.text)
        if (version !== undefined && version === versionIn(own.text)) return true
      }
      if (other.kind === own.kind || (other.kind !== 'word' && other.kind !== 'string')) continue
      if (!versionName.test(other.text)) continue
      const beside = flat(other.text)
      if (beside.length > 4 && name.length > 4 && (beside.endsWith(name) || name.endsWith(beside)))
        return true
    }
  }
  return false
}

/** `new Dictionary<K, V> { { X, value } }`: what stands first in a pair is looked up, not set. */
function isDictionaryKey(code: Code, open: number, from: number): boolean {
  const outer = code.up[open]!
  if (outer < 0 || code.tokens[open]!.text !== '{' || code.tokens[outer]!.text !== '{') return false
  const [key, value, ...more] = argumentsOf(code, open)
  return (
    key !== undefined &&
    value !== undefined &&
    more.length === 0 &&
    key.from <= from &&
    from < key.to &&
    headerWords(code, outer).some(word => /^\w*(?:Dictionary|Map)$/.test(word))
  )
}

function isVersionLike(text: string): boolean {
  return (
    wordVersion(text.trim(), { bare: true }) !== undefined ||
    /^(?:ssl|tls)[ _-]?v?[ _-]?[123]?(?:[._-]?\d)?$|^(?:0x0?30[0-4]|76[89]|77[0-2])$/i.test(text.trim())
  )
}

/** `STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT => …`: one library's name for a version. */
function namesOneVersion(name: string): boolean {
  return /^[A-Z]/.test(name) && versionName.test(name)
}

/** `case "tls1.0": …`, `if v == "1.0" { … }`, `when 'TLSv1' then …` right in front of the statement. */
function followsVersionCase(code: Code, statement: number, set: number): boolean {
  const { tokens } = code
  // Without line ends a label is the head of its statement.
  if (/^default$/i.test(tokens[statement]!.text) && tokens[statement + 1]?.text === ':')
    return followsVersionCase(code, statement + 2, set)
  if (/^case$/i.test(tokens[statement]!.text)) {
    for (let at = statement + 1; at < Math.min(tokens.length, statement + 14); at++) {
      const token = tokens[at]!
      if (token.text === ':')
        return (
          tokens[at + 1]?.text !== 'return' ||
          tokens[at - 1]!.kind !== 'word' ||
          versionName.test(tokens[at - 1]!.text)
        )
      if (token.kind === 'op' && !['.', '::', ',', '|'].includes(token.text)) break
    }
  }
  const stop = Math.max(0, statement - 14)
  for (let at = statement - 1; at >= stop; at--) {
    const token = tokens[at]!
    if (token.text === ';' || token.text === '}') return false
    // `case CURL_SSLVERSION_TLSv1_0:`, `case 1:`
    const before = tokens[pathStart(code, at) - 1]
    const labels = token.kind === 'number' || (token.kind === 'word' && versionName.test(token.text))
    if (labels && before?.kind === 'word' && /^case$/i.test(before.text))
      return tokens[statement]!.kind === 'word'
    if (token.kind === 'word' && isTestedVersion(code, at, set)) return true
    // `if (conf->tls_min_version >= (float) 1.1)`
    if (token.kind === 'number' && /^1\.[0-3]$/.test(token.text) && isComparedNumber(code, at)) return true
    if (token.kind === 'string' && isVersionLike(token.text) && opensStatement(code, at, statement)) {
      for (let k = at - 1; k >= Math.max(0, at - 8); k--) {
        const t = tokens[k]!
        if (t.kind === 'op' && /^[=!]==?$/.test(t.text)) return true
        if (t.kind === 'word' && comparisons.test(t.text)) return true
      }
    }
    if (
      token.kind === 'end' &&
      at < statement - 1 &&
      tokens[at - 1]?.text !== ':' &&
      tokens[at - 1]?.text !== '{'
    )
      return false
  }
  return false
}

/** `if (protocols & NGX_SSL_TLSv1) …`, `if (ver == TLS1_VERSION) …` */
function isTestedVersion(code: Code, at: number, set: number): boolean {
  const version = versionIn(code.tokens[at]!.text)
  if (version === undefined || version !== versionIn(code.tokens[set]!.text)) return false
  let condition = code.up[at]!
  while (condition > 0 && /^[(!]$/.test(code.tokens[condition - 1]!.text)) condition = code.up[condition]!
  if (condition <= 0 || !/^(?:if|elseif|elsif)$/i.test(code.tokens[condition - 1]!.text)) return false
  const isComparing = (token: Token | undefined) => /^(?:[=!]==?|[<>]=|&)$/.test(token?.text ?? '')
  let start = pathStart(code, at)
  if (code.tokens[start - 1]?.text === '\\') start--
  return isComparing(code.tokens[start - 1]) || isComparing(code.tokens[at + 1])
}

/** `else if (version >= 1.1) min = TLS1_1_VERSION`, on one line. */
function isGuardedByVersion(code: Code, statement: number, from: number, last: number): boolean {
  for (let at = statement; at < Math.min(from, statement + 3); at++) {
    const close = code.mate[at + 1]!
    if (!/^(?:if|elseif|elsif)$/i.test(code.tokens[at]!.text) || close <= at || close >= from) continue
    for (let k = at + 2; k < close; k++) {
      const token = code.tokens[k]!
      if (token.kind === 'word' && isTestedVersion(code, k, last)) return true
      if (token.kind === 'string' && isVersionLike(token.text)) return true
      if (token.kind === 'number' && /^1\.[0-3]$/.test(token.text) && isComparedNumber(code, k)) return true
    }
  }
  return false
}

function isComparedNumber(code: Code, at: number): boolean {
  for (let k = at - 1; k >= Math.max(0, at - 4); k--)
    if (code.tokens[k]!.kind === 'op' && /^(?:[=!<>]=|[<>]|===)$/.test(code.tokens[k]!.text)) return true
  return false
}

/** A condition on a line of its own begins with a word that says so; `raise x if v == 'TLSv1'` is over at its end. */
function opensStatement(code: Code, at: number, statement: number): boolean {
  for (let i = at; i < statement; i++) {
    if (code.tokens[i]!.kind !== 'end') continue
    return conditionWords.test(code.tokens[elementStart(code, at)]!.text)
  }
  return true
}

const conditionWords = /^(?:if|elif|elsif|elseif|else|case|when|unless|switch|match|\}|\|)$/i

function indexNamesVersion(code: Code, close: number): boolean {
  for (let at = code.mate[close]! + 1; at > 0 && at < close; at++)
    if (
      code.tokens[at]!.kind !== 'op' &&
      (versionName.test(code.tokens[at]!.text) ||
        (code.tokens[at]!.kind === 'string' && isVersionLike(code.tokens[at]!.text)))
    )
      return true
  return false
}

const comparisons =
  /^(?:case|when|Case|eq|equals|equalsIgnoreCase|strcmp|strcasecmp|strcmpi|elif|elseif|EqualFold|Equals)$/
/** The version in a name, whatever the library: `tls10` for `TLS1_VERSION`, `TLSv1_0`, `NO_TLSv1`, `TLS_VERSION_1_0`. */
function versionIn(name: string): string | undefined {
  if (name === 'Tls') return 'tls10' // of .NET
  const match = /(tls|ssl)_?v?(?:ersion)?_?([1-3])[._]?([0-3])?/i.exec(name)
  return match ? `${match[1]!.toLowerCase()}${match[2]}${match[3] ?? 0}` : undefined
}

/** A name that holds a version: `CURL_SSLVERSION_TLSv1_0`, `PROTOCOL_TLSv1`. */
export const versionName = /(?:tls|ssl)_?v?(?:ersion)?_?[1-3]/i

/** A colon after an entry's key, not of a ternary. */
export function isEntry(code: Code, colon: number): boolean {
  const start = elementStart(code, colon)
  for (let at = colon - 1; at > start; at--) {
    if (code.tokens[at]!.kind === 'close' && code.mate[at]! >= 0) at = code.mate[at]!
    else if (code.tokens[at]!.text === '?') return false
  }
  return true
}

/** A name as it sounds: without case, dots and dashes. */
export function flat(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '')
}

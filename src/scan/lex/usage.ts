import { wordVersion } from '../words.ts'
import {
  type Code,
  elementStart,
  headerWords,
  isCodeBlock,
  isJoint,
  pathStart,
  statementStart,
} from './code.ts'
import type { Token } from './lexer.ts'
import { argumentsOf, calleeOf, nameBefore } from './slots.ts'

/**
 * How a constant is used where it stands. Only `plain` sets anything; `mapped` stands beside a version-like key and can be chosen by a setting;
 * `removed` is taken out of a set; the others never reach a socket.
 */
export type Usage = 'plain' | 'removed' | 'compared' | 'key' | 'declared' | 'mapped' | 'mentioned'

const comparing = new Set(['==', '===', '!=', '!==', '<=', '>=', '=~', '!~', '<=>', '<', '>', '&', '<>'])
const comparingWords =
  /^(?:case|when|is|isnot|in|instanceof|eq|ne|gt|lt|ge|le|ceq|cne|contains|notcontains|notin|like|match|matches|elseif|to)$/i
const mentioning =
  /^(?:assert\w*|expect\w*|equals?\w*|n?eql?|hasflag|contains\w*|includes?|index_?of|should\w*|verify\w*|is[A-Z]\w*|f?printf|errorf|fatalf?|logf|infof|debugf|warnf|write_?(?:line|error|host|output)|log_?(?:warn|info|error|debug|trace|crit|fatal|verbose)\w*|desc|description|help|usage|label|title|message|placeholder|print\w*|println|log|nslog|os_log|syslog|logger|warn\w*|debug|info|error|trace|throw|raise|format|sprintf|parse\w*|typeof|nameof|sizeof|switch|match|compare\w*|get|remove\w*|delete\w*|disable\w*|exclude\w*|without|skip\w*|describe|it|to_?string|name|valueOf_?name|(?:string_?)?in_?slice|in_?array|array_?search|one_?of|version_?name|XCT\w*|notequal\w*|areequal|arenotequal|\w*str\w*cmp\w*|does_?not\w*|not_?contain\w*|\w*(?:reject|refuse|disallow|forbid)\w*|memcmp|str_?eq\w*)$/i

/** How tokens `from`..`last` (one constant or literal) are used. */
export function usageOf(code: Code, from: number, last: number): Usage {
  if (code.syntax.preprocessor) {
    const directive = directiveOf(code, from)
    if (directive) return directive
  }
  const first = code.tokens[statementStart(code, from)]!
  if (
    first.kind === 'word' &&
    /^(?:import|from|using|use|Imports|open|#include|#import)$/.test(first.text) &&
    isImport(code, first.start)
  )
    return 'declared'
  if (renames(code, from, last)) return 'declared'
  let start = from
  let end = last
  for (let hops = 0; hops < 6; hops++) {
    const own = here(code, start, end)
    if (own !== 'plain') return own
    const open = code.up[start]!
    if (open < 0 || code.mate[open]! < 0) break
    if (isKeyed(code, start)) {
      if (isAsserted(code, open)) return 'mentioned'
      if (isDeclaration(code, open)) return 'declared'
      break
    }
    const callee = code.tokens[open]!.text === '(' ? calleeOf(code, open) : undefined
    if (callee && /(?:^|\.)Enum\b/.test(callee.path)) {
      start = open
      end = code.mate[open]!
      continue
    }
    if (
      callee &&
      !/^(?:CType|DirectCast|u?int\d*|long|Int32|string|String|return|Some|set|list|tuple|frozenset)$/.test(
        callee.name,
      )
    ) {
      if (mentioning.test(callee.name) || isTableMacro(code, open, callee.name)) return 'mentioned'
      break
    }
    if (isDeclaration(code, open)) return 'declared'
    if (code.tokens[open]!.text === '{' && isCodeBlock(code, open)) break
    if (
      code.tokens[open]!.text !== '(' &&
      code.tokens[open - 1]?.kind === 'op' &&
      code.tokens[open - 1]!.text === '='
    )
      break
    if (code.tokens[open]!.text !== '(') {
      start = open
      end = code.mate[open]!
      // A tuple of Erlang names its value.
      if (code.tokens[open]!.text === '{' && code.language === 'erlang') break
      continue
    }
    start = open
    end = code.mate[open]!
  }
  return isMapped(code, from, last) ? 'mapped' : 'plain'
}

function isDeclaration(code: Code, open: number): boolean {
  return (
    code.tokens[open]!.text === '{' &&
    headerWords(code, open).some(word => /^(?:enum|interface|type|declare)$/.test(word))
  )
}

const asserting =
  /^(?:n?eql?|to(?:_?be|_?(?:strict_?)?equal|MatchObject)|(?:not)?deep(?:strict)?equal|assert_?(?:dict_?)?(?:equals?|same)|areequal|(?:toHaveBeen(?:Last)?|assert_)?called_?(?:once_?)?with)$/i

/** `expect(options).toEqual({ minVersion: 'TLSv1' })`: the object itself is what a result is held against. */
function isAsserted(code: Code, from: number): boolean {
  for (let open = from; open >= 0 && !isCodeBlock(code, open); open = code.up[open]!) {
    const callee = code.tokens[open]!.text === '(' ? calleeOf(code, open) : undefined
    if (callee && callee.name !== 'array') return asserting.test(callee.name)
  }
  return false
}

/** `{ NV(X), NV(Y) }` of C: a macro that writes a constant and its name. */
function isTableMacro(code: Code, open: number, macro: string): boolean {
  const list = code.up[open]!
  return (
    code.syntax.preprocessor === true &&
    /^[A-Z][A-Z0-9_]*$/.test(macro) &&
    argumentsOf(code, open).length === 1 &&
    list >= 0 &&
    code.tokens[list]!.text === '{' &&
    !isCodeBlock(code, list)
  )
}

/** `const TLS1 = SslVersion(ffi.TLS1_VERSION)`: the library's constant under the same name, not a setting. */
function renames(code: Code, from: number, last: number): boolean {
  const head = elementStart(code, statementStart(code, from))
  let declares = false
  for (let at = head; at < from && at < head + 8; at++) {
    const token = code.tokens[at]!
    if (token.kind === 'word' && /^(?:const|static|final|val|let)$/.test(token.text)) declares = true
    else if (token.kind === 'op' && (token.text === '=' || token.text === ':'))
      return (
        declares &&
        code.tokens[at - 1]?.kind === 'word' &&
        versionName.test(code.tokens[at - 1]!.text) &&
        flat(code.tokens[last]!.text).includes(flat(code.tokens[at - 1]!.text))
      )
  }
  return false
}

function flat(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '')
}

/** `name: value`, `name = value`: the name decides, not what stands around it. */
function isKeyed(code: Code, i: number): boolean {
  const before = code.tokens[i - 1]
  return (
    before?.kind === 'op' &&
    (before.text === '=' || before.text === '=>' || (before.text === ':' && isEntry(code, i - 1)))
  )
}

/** `using (var x = …)` and `open(…)` are no imports. */
function isImport(code: Code, at: number): boolean {
  return /^(?:import|from|using|use|Imports|open|#\s*i\w+)\s+(?!\()[^(=]*(?:[;\n]|=\s*[\w.:]+\s*;|\{|import|$)/.test(
    code.text.slice(at, at + 200),
  )
}

function here(code: Code, from: number, last: number): Usage {
  const { tokens } = code
  let start = from
  if (code.language === 'php' && tokens[start - 1]?.text === '\\') start-- // the root of names
  // A cast in front: `(long)X`.
  while (tokens[start - 1]?.text === ')' && code.mate[start - 1]! > 0 && isCast(code, code.mate[start - 1]!))
    start = code.mate[start - 1]!
  const before = tokens[start - 1]
  const after = tokens[last + 1]
  if (
    code.language === 'javascript' &&
    tokens[from]!.kind === 'string' &&
    (before?.text === '|' || after?.text === '|')
  )
    return 'declared'
  if (isConditionOf(code, start)) return 'compared'
  if (before?.kind === 'op') {
    if (before.text === '~' || before.text === '~~~') return 'removed'
    if (before.text === '!' && code.syntax.newlines !== true && tokens[start]!.kind === 'word')
      return 'compared'
    if (before.text === '&=') return 'compared'
    if (before.text === '^=' || before.text === '-=' || before.text === '^') return 'removed'
    if (before.text === '-' && tokens[start - 2]?.kind === 'word' && code.language !== 'powershell')
      return 'removed'
    const closesType =
      before.text === '>' && (tokens[start]!.kind === 'open' || tokens[start - 3]?.text === '<')
    const isSigil = code.language === 'perl' && before.text === '&' && before.end === tokens[start]!.start
    if (comparing.has(before.text) && !closesType && !isSigil) return 'compared'
  }
  if (before?.kind === 'word') {
    if (/^(?:fn|func|fun|def|function|sub)$/.test(before.text) && after?.text === '(') return 'declared'
    if (/^(?:del|delete)$/.test(before.text)) return 'removed'
    // `x is A or B`
    if (code.language === 'csharp' && /^(?:or|and|not)$/.test(before.text)) return 'compared'
    const dashed = tokens[start - 2]?.text === '-'
    if (/^(?:bnot|not)$/i.test(before.text) && (dashed || code.syntax.foldsCase)) return 'removed'
    if (/^bxor$|^band$/i.test(before.text) && dashed) return 'compared'
    if (
      comparingWords.test(before.text) &&
      (dashed || !/^(?:eq|ne|gt|lt|ge|le|contains|like|match|matches|to)$/i.test(before.text))
    )
      return 'compared'
  }
  if (isAlternativeOfKey(code, last)) return 'key'
  if (after?.kind === 'op') {
    if (comparing.has(after.text) && after.text !== '>') return 'compared'
    if (after.text === '=' && tokens[from]!.kind === 'word' && from === last) return 'declared'
    if (after.text === '=>' || after.text === '->') return 'key'
    if (after.text === ':' && isEntry(code, last + 1)) return 'key'
    if (after.text === '-' && psCompares(tokens[last + 2]?.text)) return 'compared'
    if (
      after.text === '.' &&
      /^(?:equals|HasFlag|contains|compareTo|name|toString|inv)$/i.test(tokens[last + 2]?.text ?? '')
    )
      return /^inv$/.test(tokens[last + 2]!.text) ? 'removed' : 'compared'
  }
  if (after?.kind === 'word' && /^(?:is|in|not|inv|to|eq|ne)$/.test(after.text) && !code.syntax.foldsCase)
    return after.text === 'to' ? 'key' : 'compared'
  if (before?.text === '[' && after?.text === ']') {
    const open = start - 1
    const owner = tokens[open - 1]
    const attached =
      owner &&
      (owner.kind === 'word' || owner.text === ')' || owner.text === ']') &&
      owner.end === tokens[open]!.start
    // `TLSVersion['TLSv1']` is the member, not a key.
    if (attached && owner.kind === 'word' && /^(?:TLS|SSL)\w*Version$/i.test(owner.text)) return 'plain'
    if (attached || tokens[last + 2]?.text === '=' || tokens[last + 2]?.text === ':') return 'key'
  }
  if (after?.text === '(' && /^(?:void|\))$/.test(tokens[last + 2]?.text ?? '') && code.syntax.preprocessor) {
    const owner = tokens[from - 1]
    if (owner?.text === '*' || (owner?.kind === 'word' && !/^(?:return|case|else)$/.test(owner.text)))
      return 'declared'
  }
  return 'plain'
}

/** `A | B => …`, `A or B => …`: a pattern of several constants. */
function isAlternativeOfKey(code: Code, last: number): boolean {
  const { tokens } = code
  let at = last + 1
  const joins = () => tokens[at]?.text === '|' || (code.language === 'csharp' && tokens[at]?.text === 'or')
  if (!joins()) return false
  while (joins()) {
    at++
    while (tokens[at]?.kind === 'word' || isJoint(tokens[at])) {
      if (tokens[at]!.text === 'or') break
      at++
    }
  }
  return tokens[at]?.text === '=>' || tokens[at]?.text === '->'
}

/** VB and F#: `If x = Y Then` compares; `Case A, B` lists labels. */
function isConditionOf(code: Code, i: number): boolean {
  if (code.language !== 'vb' && code.language !== 'fsharp' && code.language !== 'vbscript') return false
  const head = elementStart(code, i)
  const first = code.tokens[head]
  if (first?.kind !== 'word' || head === i) return false
  if (/^Case$/i.test(first.text)) return true
  if (!/^(?:If|ElseIf|While|Until|elif|when)$/i.test(first.text)) return false
  for (let at = head; at < i; at++) if (/^then$/i.test(code.tokens[at]!.text)) return false
  return true
}

function psCompares(word: string | undefined): boolean {
  return word !== undefined && /^(?:c?eq|c?ne|gt|lt|ge|le|band|in|notin|contains|like|match)$/i.test(word)
}

function isCast(code: Code, open: number): boolean {
  const close = code.mate[open]!
  const before = code.tokens[open - 1]
  if (before && (before.kind === 'word' || before.text === ')' || before.text === ']' || before.text === '>'))
    return false
  for (let at = open + 1; at < close; at++)
    if (code.tokens[at]!.kind !== 'word' && !isJoint(code.tokens[at]) && code.tokens[at]!.text !== '*')
      return false
  return close > open + 1
}

/** A colon after an entry's key, not of a ternary. */
function isEntry(code: Code, colon: number): boolean {
  const start = elementStart(code, colon)
  for (let at = colon - 1; at > start; at--) {
    if (code.tokens[at]!.kind === 'close' && code.mate[at]! >= 0) at = code.mate[at]!
    else if (code.tokens[at]!.text === '?') return false
  }
  return true
}

function directiveOf(code: Code, i: number): Usage | undefined {
  const at = code.tokens[i]!.start
  const lineStart = code.text.lastIndexOf('\n', at - 1) + 1
  const line = code.text.slice(lineStart, at)
  if (/^\s*#\s*(?:if|ifdef|ifndef|elif|undef|error|warning|pragma|include|region|endregion)\b/.test(line))
    return 'compared'
  if (/^\s*#\s*define\s*$/.test(line)) return 'declared'
  // One version's name for another: `#define SP_PROT_TLS1_0 SP_PROT_TLS1`.
  if (/^\s*#\s*define\s+\w*(?:SSLVERSION|(?:TLS|SSL)_?v?_?\d)/i.test(line)) return 'declared'
  return undefined
}

/** `"tls1.0": X`, `case "1.0": return X`, `{X, "TLSv1"}`: a table from setting or version to constant. */
function isMapped(code: Code, from: number, last: number): boolean {
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
      const named = tokens[at - 1]?.kind === 'number' ? tokens[at - 1]!.text : nameBefore(code, at)?.name
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
    isUnderTest(code, statement, last)
  )
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
  const isComparing = (token: Token | undefined) => /^(?:[=!]==?|&)$/.test(token?.text ?? '')
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
  const match = /(tls|ssl)_?v?(?:ersion)?_?([1-3])[._]?([0-3])?/i.exec(name)
  return match ? `${match[1]!.toLowerCase()}${match[2]}${match[3] ?? 0}` : undefined
}

/** A name that holds a version: `CURL_SSLVERSION_TLSv1_0`, `PROTOCOL_TLSv1`. */
const versionName = /(?:tls|ssl)_?v?(?:ersion)?_?[1-3]/i

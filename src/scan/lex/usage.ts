import { type Code, elementStart, headerWords, isCodeBlock, isJoint, statementStart } from './code.ts'
import { compares } from './comparing.ts'
import { flat, isEntry, isMapped, versionName } from './mapped.ts'
import { argumentsOf, calleeOf } from './slots.ts'

/**
 * How a constant is used where it stands. Only `plain` sets anything; `mapped` stands beside a version-like key and can be chosen by a setting;
 * `removed` is taken out of a set; the others never reach a socket.
 */
export type Usage = 'plain' | 'removed' | 'compared' | 'key' | 'declared' | 'mapped' | 'mentioned'

const comparing = new Set(['==', '===', '!=', '!==', '<=', '>=', '=~', '!~', '<=>', '<', '>', '&', '<>'])
const comparingWords =
  /^(?:case|when|is|isnot|in|instanceof|eq|ne|gt|lt|ge|le|ceq|cne|contains|notcontains|notin|like|match|matches|elseif|to)$/i
const mentioning =
  /^(?:assert\w*|expect\w*|equals?\w*|n?eql?|hasflag|contains\w*|any\?|member\?|includes?|index_?of|should\w*|verify\w*|is[A-Z]\w*|f?printf|errorf|fatalf?|logf|infof|debugf|warnf|write_?(?:line|error|host|output)|log_?(?:warn|info|error|debug|trace|crit|fatal|verbose)\w*|desc|description|help|usage|label|title|message|placeholder|print\w*|println|log|nslog|os_log|syslog|logger|warn\w*|debug|info|error|trace|throw|raise|format|sprintf|parse\w*|typeof|nameof|sizeof|switch|match|compare\w*|get|remove\w*|delete\w*|disable\w*|exclude\w*|without|skip\w*|describe|it|to_?string|name|valueOf_?name|(?:string_?)?in_?slice|in_?array|array_?search|one_?of|version_?name|XCT\w*|notequal\w*|areequal|arenotequal|\w*str\w*cmp\w*|does_?not\w*|not_?contain\w*|\w*(?:reject|refuse|disallow|forbid)\w*|memcmp|counter|gauge|histogram|timer|tags?|str_?eq\w*|test\w*(?:disable|reject|refuse|not_?accept|unsupported|fails?)\w*)$/i

/** How tokens `from`..`last` (one constant or literal) are used. Where one line holds many settings, each of them asks for the same. */
export function usageOf(code: Code, from: number, last: number): Usage {
  const known = usages.get(code) ?? new Map<string, Usage>()
  usages.set(code, known)
  const key = `${from} ${last}`
  const usage = known.get(key) ?? findUsage(code, from, last)
  known.set(key, usage)
  return usage
}

const usages = new WeakMap<Code, Map<string, Usage>>()

function findUsage(code: Code, from: number, last: number): Usage {
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
  if (renames(code, from, last) || isCalledSo(code, from, last)) return 'declared'
  let start = from
  let end = last
  for (let hops = 0; hops < 6; hops++) {
    const own = here(code, start, end)
    if (own !== 'plain') return own
    const open = code.up[start]!
    if (open < 0 || code.mate[open]! < 0) break
    if (isKeyed(code, start)) {
      if (isAsserted(code, open) || isTold(code, open)) return 'mentioned'
      if (isDeclaration(code, open)) return 'declared'
      break
    }
    const callee = code.tokens[open]!.text === '(' ? calleeOf(code, open) : undefined
    if (callee && code.language !== 'elixir' && /(?:^|\.)Enum\b/.test(callee.path)) {
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

const telling =
  /^(?:inc|dec|observe|labels|json|render|log\w*|info|debug|warn(?:ing)?|error|trace|fatal|track|capture\w*|set(?:Attributes?|Tags?|Labels?|Context)|add(?:Attributes?|Event|Tags?)|count|gauge|timing|histogram|print\w*)$/i

/** `metrics.inc({ version: 'TLSv1' })`, `logger.info('seen', { protocol })`: what was seen is told. */
function isTold(code: Code, open: number): boolean {
  const call = code.up[open]!
  if (code.tokens[open]!.text !== '{' || call < 0 || code.tokens[call]!.text !== '(') return false
  return telling.test(calleeOf(code, call)?.name ?? '')
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

/** `rb_define_const(module, "TLS1_VERSION", INT2NUM(TLS1_VERSION))`: the constant is handed on under its own name. */
function isCalledSo(code: Code, from: number, last: number): boolean {
  if (code.tokens[last]!.kind !== 'word') return false
  let open = code.up[from]!
  for (let hops = 0; hops < 2 && open >= 0 && code.tokens[open]!.text === '('; hops++) {
    for (const argument of argumentsOf(code, open)) {
      const token = code.tokens[argument.from]!
      if (token.kind === 'string' && token.text === code.tokens[last]!.text) return true
    }
    open = code.up[open]!
  }
  return false
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
    if (compares(code, start - 1)) return 'compared'
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

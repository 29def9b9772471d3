import { type Code, elementStart } from './code.ts'

/**
 * Whether the `=` at `op` compares, in Basic and F#, which have one sign for both. In F# a value changes by `<-`, so that `=` gives a value in a
 * declaration, a record and a named property of a constructor only; in Basic the first of a statement does, and none in brackets but a default.
 */
export function compares(code: Code, op: number): boolean {
  if (code.tokens[op]!.text !== '=') return false
  if (code.language === 'fsharp') return comparesInFsharp(code, op)
  return (code.language === 'vb' || code.language === 'vbscript') && comparesInBasic(code, op)
}

function comparesInBasic(code: Code, op: number): boolean {
  const { tokens } = code
  const head = elementStart(code, op)
  const open = code.up[op]!
  let isSecond = false
  for (let at = head; at < op; at++) {
    const { kind, text } = tokens[at]!
    if (kind === 'open' && code.mate[at]! > at) at = code.mate[at]!
    else if (kind === 'word' && /^(?:Then|Else|Sub)$/i.test(text)) isSecond = false
    else if (text === '=') isSecond = true
  }
  if (isSecond) return true
  const words = tokens.slice(head, op).filter(({ kind }) => kind === 'word')
  if (open >= 0 && tokens[open]!.text === '(') return !words.some(({ text }) => /^(?:As|Sub)$/i.test(text))
  return /^(?:Return|Loop|Until)$/i.test(tokens[head]!.text)
}

function comparesInFsharp(code: Code, op: number): boolean {
  const { tokens } = code
  const head = elementStart(code, op)
  const open = code.up[op]!
  for (let at = head; at < op; at++) {
    if (tokens[at]!.kind === 'open' && code.mate[at]! > at) at = code.mate[at]!
    else if (tokens[at]!.text === '=' || tokens[at]!.text === '->') return true
  }
  if (open >= 0 && tokens[open]!.text === '{') return false
  if (open >= 0) {
    const callee = tokens[open - 1]
    const isCall = callee?.kind === 'word' && callee.end === tokens[open]!.start
    return !(isCall && head === op - 1)
  }
  return !/^(?:let|use|and|member|static|override|default|abstract|val|const|type|module|private|internal|public|do|if|elif|while|when|then|else|match)$/.test(
    tokens[head]!.text,
  )
}

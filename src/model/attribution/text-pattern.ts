/**
 * Patterns for texts that are no host names (users, headers, user agents): `*` fits any text, `{account}` the account, other words in braces
 * one word; the rest stands for itself, without regard to case. One source serves both engines that evaluate them, JavaScript and RE2.
 */

/** More stars than this make a pattern slow to evaluate on a text that was made to be. */
const mostStars = 3
const longestPattern = 500

/** What is wrong with a pattern, in words; undefined when it can be used. */
export function textPatternProblem(pattern: string): string | undefined {
  if (pattern === '') return 'is empty'
  if (pattern.length > longestPattern) return `is longer than ${longestPattern} characters`
  if (/[^ -~]/.test(pattern)) return 'may hold printable ASCII only'
  const words = [...pattern.matchAll(/\{([^{}]*)\}/g)].map(match => match[1]!)
  const bad = words.find(word => !/^[a-zA-Z]\w*$/.test(word))
  if (bad !== undefined) return `has {${bad}}, which is not a word`
  if (new Set(words).size < words.length) return 'uses one word in braces twice'
  if (/[{}]/.test(pattern.replace(/\{\w+\}/g, ''))) return 'has an unpaired brace'
  if (pattern.split('*').length - 1 > mostStars) return `has more than ${mostStars} stars`
  return undefined
}

/** The pattern as a regular expression, for JavaScript with the flag `s` and for RE2 after `(?s)`; its only group is the account. */
export function textPatternSource(pattern: string): string {
  const source = pattern
    .split(/(\*|\{\w+\})/)
    .map(part =>
      part === '*'
        ? '.*'
        : part === '{account}'
          ? '([A-Za-z0-9][A-Za-z0-9._@:-]*)'
          : /^\{\w+\}$/.test(part)
            ? '[A-Za-z0-9._@:-]+'
            : part.replace(/[^A-Za-z0-9]/g, '\\$&').replace(/[A-Za-z]/g, bothCases),
    )
    .join('')
  return `^${source}$`
}

/** RE2 takes more characters for the same letter than JavaScript does; a class says exactly which. */
function bothCases(letter: string): string {
  return `[${letter.toUpperCase()}${letter.toLowerCase()}]`
}

/** Whether a text fits a pattern of stars; in time that grows with their lengths only, since texts come from strangers. */
export function starsMatch(pattern: string, text: string): boolean {
  return lowerStarsMatch(lowerAscii(pattern), lowerAscii(text))
}

/** The same for many texts and any of some patterns: most texts lack the longest literal of each, which is looked for first. */
export function starsMatcher(patterns: readonly string[]): (text: string) => boolean {
  const wanted = patterns.map(pattern => {
    const lower = lowerAscii(pattern)
    const literals = lower.split('*')
    return { lower, literal: literals.reduce((a, b) => (b.length > a.length ? b : a)) }
  })
  return text => {
    const found = lowerAscii(text)
    return wanted.some(({ lower, literal }) => found.includes(literal) && lowerStarsMatch(lower, found))
  }
}

function lowerStarsMatch(wanted: string, found: string): boolean {
  let [p, t, star, retry] = [0, 0, -1, 0]
  while (t < found.length)
    if (wanted[p] === '*') {
      star = p++
      retry = t
    } else if (wanted[p] === found[t]) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++retry
    } else return false
  while (wanted[p] === '*') p++
  return p === wanted.length
}

/** A pattern of stars for RE2 after `(?s)`, over a text in lower case. */
export function starsSource(pattern: string): string {
  const parts = lowerAscii(pattern).split(/\*+/)
  return `^${parts.map(part => part.replace(/[^a-z0-9]/g, '\\$&')).join('.*')}$`
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}

import type { Policy, Who } from './policy.ts'

/** Longest host name that DNS allows, in characters (RFC 1035 section 2.3.4). */
const longestName = 253

/** What kind of name a hello asks for: one of the service's, another, or none. */
export function kindOfName(policy: Pick<Policy, 'service'>, sni: string | null): Who['name'] {
  if (sni === null || sni === '') return 'none'
  const host = normalHost(sni)
  return host.length <= longestName && policy.service.names.some(pattern => compiled(pattern).test(host))
    ? 'service'
    : 'other'
}

/** The account that a pattern of names finds in a name; undefined when the name does not fit. */
export function accountInName(pattern: string, sni: string): string | undefined {
  const host = normalHost(sni)
  if (host === '' || host.length > longestName) return undefined
  return compiled(pattern).exec(host)?.groups?.account
}

/**
 * True when the name fits the pattern. In a pattern `*` alone fits everything, a leading `*.` fits one or more labels, and a word in
 * braces (`{account}`, `{region}`) fits one label or a part of it.
 */
export function nameMatches(pattern: string, sni: string): boolean {
  const host = normalHost(sni)
  return host.length <= longestName && (pattern === '*' || compiled(pattern).test(host))
}

/** What is wrong with a name pattern, in words; undefined when it can be used. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > longestName) return 'is longer than a host name can be'
  const words = [...pattern.matchAll(/\{([^{}]*)\}/g)].map(match => match[1]!)
  const bad = words.find(word => !/^[a-zA-Z]\w*$/.test(word))
  if (bad !== undefined) return `has {${bad}}, which is not a word`
  if (new Set(words).size < words.length) return 'uses one word in braces twice'
  const rest = pattern.replace(/\{\w+\}/g, 'x').replace(/^\*\./, '')
  if (/\*/.test(rest)) return 'may have * only as its first label, as in *.example.com'
  if (/[{}]/.test(rest)) return 'has an unpaired brace'
  if (!rest.split('.').every(label => /^[a-zA-Z0-9_-]+$/.test(label)))
    return 'is not a host name (letters, digits, - and _, with dots between)'
  return undefined
}

/** An account id, as the retirement file, URLs and reports may carry it. */
export function isAccountId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,127}$/.test(text)
}

function normalHost(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

const patterns = new Map<string, RegExp>()

/** Patterns come from retirement files only, never from the network, so the cache stays small. */
function compiled(pattern: string): RegExp {
  let regex = patterns.get(pattern)
  if (regex === undefined) {
    regex = compile(pattern)
    patterns.set(pattern, regex)
  }
  return regex
}

/** The pattern as a regular expression for names in lower case; its only group is the account. */
export function namePattern(pattern: string): string {
  return compiled(pattern).source
}

/** Labels are separated by literal dots that no placeholder can match: nothing to backtrack over but the labels themselves. */
function compile(pattern: string): RegExp {
  if (pattern === '*') return /^/
  const labels = normalHost(pattern).split('.')
  const source = labels.map((label, i) =>
    label === '*' && i === 0
      ? '(?:[a-z0-9_-]+\\.)*[a-z0-9_-]+'
      : label
          .split(/(\{\w+\})/)
          .map(part =>
            /^\{\w+\}$/.test(part) ? placeholder(part.slice(1, -1)) : part.replace(/[^\w-]/g, '\\$&'),
          )
          .join(''),
  )
  return new RegExp(`^${source.join('\\.')}$`)
}

/** Account ids start with a letter or digit, like the ids that `isAccountId` accepts. */
function placeholder(word: string): string {
  return word === 'account' ? '(?<account>[a-z0-9][a-z0-9_-]*)' : '[a-z0-9_-]+'
}

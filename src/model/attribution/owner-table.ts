import { type Network, networksBetween, parseNetwork } from '../../base/address.ts'
import { sha256 } from '../../base/hash.ts'

/** A network and whose it is. */
export interface OwnedNetwork extends Network {
  owner: string
}

/** Something wrong in a table: line and column from 1. */
interface TableProblem {
  line: number
  column: number
  message: string
  hint?: string
}

export type TableResult<T> = { ok: true; value: T } | { ok: false; problems: TableProblem[] }

/** More lines than this are too many for one statement of the engine. */
const mostLines = 100_000

/**
 * A CSV table of networks and their owners: `10.0.0.0/8,contoso`, also `10.0.0.1-10.0.0.9`, IPv6, and an address alone. A first line without
 * a network is taken for names of columns; further columns, empty lines and those that start with # are left out.
 */
export function readNetworks(text: string): TableResult<OwnedNetwork[]> {
  const problems: TableProblem[] = []
  const networks: OwnedNetwork[] = []
  const known = new Map<string, { line: number; owner: string }>()
  const rows = readRows(text, problems)
  for (const [nth, { line, first, second }] of rows.entries()) {
    if (nth === 0 && /^[a-z_ ]+$/i.test(first.text) && !/^[0-9a-f]*:/i.test(first.text)) continue
    const found = networksOf(first.text)
    if (typeof found === 'string') {
      problems.push({ line, column: first.column, message: found, hint: 'for example 10.0.0.0/8,contoso' })
      continue
    }
    const owner = ownerOf(second, line, problems)
    if (owner === undefined) continue
    for (const network of found) {
      const name = `${network.prefix} ${network.key}`
      const before = known.get(name)
      if (before && before.owner !== owner)
        problems.push({
          line,
          column: first.column,
          message: `${first.text} belongs to ${owner} here and to ${before.owner} in line ${before.line}`,
        })
      if (before) continue
      known.set(name, { line, owner })
      networks.push({ ...network, owner })
    }
  }
  if (problems.length === 0 && networks.length === 0)
    problems.push({ line: 1, column: 1, message: 'the table holds no networks' })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: networks }
}

/**
 * A CSV table of texts and the accounts they stand for: `4711,contoso`. With `isSecret` only the SHA-256 of a text is kept; a line may hold that
 * hash (64 hex digits) instead of the secret.
 */
export function readOwners(text: string, isSecret: boolean): TableResult<Record<string, string>> {
  const problems: TableProblem[] = []
  const owners = new Map<string, { owner: string; line: number }>()
  for (const [nth, { line, first, second }] of readRows(text, problems).entries()) {
    if (nth === 0 && /^(key|value|text|user|header|id|hash|sha256|api[_ -]?key)$/i.test(first.text)) continue
    const owner = ownerOf(second, line, problems)
    if (owner === undefined) continue
    const key = !isSecret
      ? first.text
      : /^[0-9a-f]{64}$/i.test(first.text)
        ? first.text.toLowerCase()
        : sha256(bytesOf(first.text))
    const before = owners.get(key)
    if (before && before.owner !== owner)
      problems.push({
        line,
        column: first.column,
        // A secret is not repeated in a message.
        message: `${isSecret ? 'this key' : first.text} belongs to ${owner} here and to ${before.owner} in line ${before.line}`,
      })
    else owners.set(key, { owner, line })
  }
  if (problems.length === 0 && owners.size === 0)
    problems.push({ line: 1, column: 1, message: 'the table holds no lines' })
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: Object.fromEntries([...owners].map(([key, { owner }]) => [key, owner])) }
}

/** A text as `sha256` takes it: one character per byte of its UTF-8. */
export function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}

function networksOf(text: string): Network[] | string {
  const [first, last] = text.split('-')
  if (last !== undefined)
    return networksBetween(first!.trim(), last.trim()) ?? `${text} is not a span of addresses`
  const network = parseNetwork(text)
  if (network === 'loose') return `${text} has bits set beyond its prefix`
  return network ? [network] : `${text} is not a network`
}

interface Cell {
  text: string
  column: number
}

function ownerOf(cell: Cell | undefined, line: number, problems: TableProblem[]): string | undefined {
  if (cell && /^[^\0-\x1f]{1,128}$/.test(cell.text)) return cell.text
  problems.push({
    line,
    column: cell?.column ?? 1,
    message: cell && cell.text !== '' ? 'the owner is longer than 128 characters' : 'the owner is missing',
    hint: 'two columns: what, and whose it is',
  })
  return undefined
}

/** The first two cells of each line (RFC 4180, without line breaks in cells); `;` and tabs separate too. */
function readRows(text: string, problems: TableProblem[]): { line: number; first: Cell; second?: Cell }[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (lines.length > mostLines) {
    problems.push({ line: mostLines + 1, column: 1, message: `more than ${mostLines} lines` })
    return []
  }
  return lines.flatMap((content, index) => {
    const line = index + 1
    if (/^\s*(#|$)/.test(content)) return []
    const cells: Cell[] = []
    for (const match of content.matchAll(
      /(?:^|[,;\t])[ ]*(?:"((?:[^"]|"")*)"[ ]*(?=[,;\t]|$)|([^,;\t"]*))/g,
    )) {
      const raw = match[1]?.replaceAll('""', '"') ?? match[2] ?? ''
      const at = match.index + (match[0].length - match[0].replace(/^[,;\t]?[ ]*/, '').length)
      cells.push({ text: raw.trim(), column: at + 1 })
    }
    const [first, second] = cells
    if (!first || first.text === '') {
      problems.push({ line, column: 1, message: 'the first column is empty' })
      return []
    }
    return [{ line, first, ...(second && { second }) }]
  })
}

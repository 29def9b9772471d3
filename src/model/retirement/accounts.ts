import { countText } from '../../base/text.ts'
import { readNetworks, readOwners, type TableResult } from '../attribution/owner-table.ts'
import { textPatternProblem } from '../attribution/text-pattern.ts'
import { nameMatches, patternProblem } from '../attribution.ts'
import type { AccountRule, AccountSource, TextRule } from '../policy.ts'
import type { AccountRuleEntry, RetirementFile } from '../retirement-schema.ts'
import type { Notes, Path } from './notes.ts'

/** The text of a table that the file names, or why it cannot be read. Absent: tables are left empty. */
export type ReadTable = (file: string) => { ok: true; text: string } | { ok: false; why: string }

/** Keys that say what a rule looks at; the first that a rule has makes its kind, and `field` may stand beside `certificate`. */
const kinds = [
  'sni',
  'principal',
  'certificate',
  'apiKey',
  'header',
  'field',
  'address',
  'userAgent',
] as const
type Kind = (typeof kinds)[number]

/** Keys that say more about a text; what a kind does not look at is a mistake. */
const takes: Readonly<Record<Kind, readonly ('match' | 'account' | 'owners')[]>> = {
  sni: [],
  principal: ['account', 'owners'],
  certificate: ['match', 'account', 'owners'],
  apiKey: ['match', 'owners'],
  header: ['match', 'account', 'owners'],
  field: ['match', 'account', 'owners'],
  address: [],
  userAgent: ['account'],
}

export function readAccounts(file: RetirementFile, notes: Notes, readTable?: ReadTable): AccountRule[] {
  if (file.accounts === undefined) return []
  const single = !Array.isArray(file.accounts)
  const entries: AccountRuleEntry[] = Array.isArray(file.accounts) ? file.accounts : [file.accounts]
  return entries.flatMap((entry, i): AccountRule[] => {
    const path = single ? ['accounts'] : ['accounts', i]
    const rule = readRule(entry, path, file, notes, readTable)
    const { name, confidence } = entry
    return rule ? [{ ...rule, ...(name !== undefined && { name }), ...(confidence && { confidence }) }] : []
  })
}

function readRule(
  entry: AccountRuleEntry,
  path: (string | number)[],
  file: RetirementFile,
  notes: Notes,
  readTable?: ReadTable,
): AccountSource | undefined {
  const said = kinds.filter(kind => entry[kind] !== undefined)
  const [kind, other] = said
  if (
    kind === undefined ||
    (other !== undefined && !(said.length === 2 && kind === 'certificate' && other === 'field'))
  ) {
    notes.problem(
      path,
      'a rule looks at exactly one thing',
      `one of ${kinds.join(', ')}; several rules make a list`,
    )
    return undefined
  }
  for (const key of ['match', 'account', 'owners'] as const)
    if (entry[key] !== undefined && !takes[kind].includes(key))
      notes.problem([...path, key], `${key} says nothing to a rule of ${kind}`, `leave it out`, 'key')
  if (kind === 'sni') return readSniRule(entry.sni!, [...path, 'sni'], file, notes)
  if (kind === 'address') {
    const networks =
      readTable && tableOf(entry.address!, [...path, 'address'], notes, readTable, readNetworks)
    return { by: 'address', file: entry.address!, networks: networks ?? [] }
  }
  const text = readText(entry, kind, path, notes, readTable)
  switch (kind) {
    case 'principal':
      return { by: 'principal', ...text }
    case 'userAgent':
      return { by: 'user-agent', ...text }
    case 'header':
      return { by: 'header', header: entry.header!, ...text }
    case 'apiKey':
      return { by: 'api-key', field: entry.apiKey!, ...text }
    case 'certificate':
      return {
        by: 'certificate',
        part: entry.certificate!,
        ...(entry.field !== undefined && { field: entry.field }),
        ...text,
      }
    case 'field':
      return { by: 'field', field: entry.field!, ...text }
  }
}

function readText(
  entry: AccountRuleEntry,
  kind: Kind,
  path: Path,
  notes: Notes,
  readTable?: ReadTable,
): TextRule {
  const key = kind === 'principal' || kind === 'userAgent' ? kind : 'match'
  const pattern = entry[key] as string | undefined
  const { account } = entry
  if (pattern !== undefined) {
    const wrong = textPatternProblem(pattern)
    if (wrong) notes.problem([...path, key], `${pattern} ${wrong}`)
    else if (pattern.includes('{account}') === (account !== undefined) && entry.owners === undefined)
      notes.problem(
        [...path, key],
        account === undefined
          ? `${pattern} does not say where the account stands`
          : `${pattern} finds an account and the rule names another`,
        account === undefined
          ? 'write {account} in its place, or say account: NAME'
          : 'leave out {account} or account',
      )
  } else if (account !== undefined)
    notes.problem(
      [...path, 'account'],
      'account without match says that all traffic is of one account',
      'say match',
    )
  const owners =
    entry.owners !== undefined && readTable
      ? tableOf(entry.owners, [...path, 'owners'], notes, readTable, text =>
          readOwners(text, kind === 'apiKey'),
        )
      : undefined
  return {
    ...(pattern !== undefined && pattern !== '{account}' && { pattern }),
    ...(account !== undefined && { account }),
    ...(entry.owners !== undefined && { owners: { file: entry.owners, accounts: owners ?? {} } }),
  }
}

/** A table may be wrong in so many places before the rest is counted. */
const shownProblems = 5

function tableOf<T>(
  file: string,
  path: Path,
  notes: Notes,
  readTable: ReadTable,
  read: (text: string) => TableResult<T>,
): T | undefined {
  const found = readTable(file)
  if (!found.ok) {
    notes.problem(path, `cannot read ${file}: ${found.why}`, 'a path is relative to the retirement file')
    return undefined
  }
  const table = read(found.text)
  if (table.ok) return table.value
  for (const { line, column, message, hint } of table.problems.slice(0, shownProblems))
    notes.problem(path, `${file}:${line}:${column}: ${message}`, hint)
  const more = table.problems.length - shownProblems
  if (more > 0) notes.problem(path, `${file}: and ${countText(more)} more`)
  return undefined
}

function readSniRule(
  pattern: string,
  path: (string | number)[],
  file: RetirementFile,
  notes: Notes,
): AccountSource | undefined {
  const wrong = patternProblem(pattern)
  if (wrong) notes.problem(path, `${pattern} ${wrong}`)
  else if (!pattern.includes('{account}'))
    notes.problem(path, `${pattern} does not say where the account stands`, 'write {account} in its place')
  else {
    const example = pattern.replace(/\{\w+\}/g, 'x').replace(/^\*/, 'x')
    if (
      !(file.service?.names ?? []).some(
        name => patternProblem(name) === undefined && nameMatches(name, example),
      )
    )
      notes.warn(
        path,
        `no name of the service fits ${pattern}`,
        "its accounts count as names that are not the service's",
      )
    return { by: 'sni', pattern }
  }
  return undefined
}

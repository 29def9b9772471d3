import {
  attribute,
  confidenceOf,
  hashedKeyDigits,
  hashedKeyPrefix,
  networkIndex,
  ruleNames,
} from '../model/attribution/attribute.ts'
import { textPatternSource } from '../model/attribution/text-pattern.ts'
import { namePattern } from '../model/attribution.ts'
import type { Observation } from '../model/observation.ts'
import type { AccountRule, TextRule } from '../model/policy.ts'
import { ruleFieldSql } from './named-field.ts'
import type { Layout, Reading } from './source.ts'
import { literal, literals, type Sql } from './sql.ts'

/**
 * What of a line names the account: the rules of a retirement file; or, said in a word, the user, the name asked for (all of it, or a part that
 * a pattern picks), the client's address.
 */
export type AccountsFrom =
  | { by: 'user' | 'sni' | 'address' }
  | { by: 'pattern'; pattern: string }
  | { by: 'rules'; rules: readonly AccountRule[] }

/** A reading whose accounts come about in another way than by what the source takes for the user. */
export function attributedBy(from: AccountsFrom, reading: Reading, layout: Layout): Reading {
  if (from.by === 'user') return reading
  if (from.by === 'pattern' || from.by === 'rules') return byRules(rulesOf(from), reading, layout)
  const account = from.by === 'sni' ? (reading.row.sni ?? "''") : (reading.row.address ?? "''")
  return {
    ...reading,
    row: {
      ...reading.row,
      account,
      attributed_by: `if((${account}) = '', '', '${from.by}')`,
      confidence: `if((${account}) = '', 'none', '${from.by === 'address' ? 'guessed' : 'likely'}')`,
    },
  }
}

/** The same for an observation that was made here, where nothing is known but the name asked for and the address. */
export function attributeTo(seen: Observation, from: AccountsFrom): Observation {
  if (from.by === 'user') return seen
  if (from.by === 'pattern' || from.by === 'rules') {
    const { account, by, confidence } = attribute(rulesOf(from), { sni: seen.sni, address: seen.address })
    return { ...seen, account, attributedBy: by, confidence }
  }
  const account = from.by === 'address' ? seen.address : seen.sni.toLowerCase()
  if (account === '') return seen
  return { ...seen, account, attributedBy: from.by, confidence: from.by === 'address' ? 'guessed' : 'likely' }
}

const rulesOfPattern = new Map<string, readonly AccountRule[]>()

function rulesOf(from: Extract<AccountsFrom, { by: 'pattern' | 'rules' }>): readonly AccountRule[] {
  if (from.by === 'rules') return from.rules
  const known = rulesOfPattern.get(from.pattern) ?? [{ by: 'sni', pattern: from.pattern }]
  rulesOfPattern.set(from.pattern, known)
  return known
}

/** `attribute` of the model as SQL over the columns of a row; the number of the rule that answered leads to its name and confidence. */
function byRules(rules: readonly AccountRule[], reading: Reading, layout: Layout): Reading {
  const values: Record<string, Sql> = {}
  const { row } = reading
  const accounts = rules.map((rule, index) => {
    if (rule.by === 'sni') return nameSql(rule.pattern, row.sni ?? "''")
    if (rule.by === 'address') return ownerSql(rule.networks, row.address ?? "''")
    if (rule.by === 'principal') return textSql(rule, row.account ?? "''")
    if (rule.by === 'user-agent') return textSql(rule, row.user_agent ?? "''")
    const name = `asked_${index}`
    values[name] = ruleFieldSql(rule, layout)
    return textSql(rule, name)
  })
  const found = `[${accounts.join(', ')}] AS answers`
  const which = "arrayFirstIndex(answer -> answer != '', answers)"
  return {
    ...reading,
    values: { ...reading.values, ...values },
    row: {
      ...row,
      account: `arrayFirst(answer -> answer != '', ${found})`,
      attributed_by: `${literals(ruleNames(rules))}[${which}]`,
      confidence: `if(${which} = 0, 'none', ${literals(rules.map(confidenceOf))}[${which}])`,
    },
  }
}

function nameSql(pattern: string, name: Sql): Sql {
  const host = `replaceRegexpOne(lower(${name}), '\\\\.$', '')`
  return `if(length(${host}) > 253, '', extract(${host}, ${literal(namePattern(pattern).replace('(?<account>', '('))}))`
}

function textSql(rule: TextRule & { by: string }, text: Sql): Sql {
  const pattern = rule.pattern === undefined ? undefined : literal(`(?s)${textPatternSource(rule.pattern)}`)
  if (rule.account !== undefined && pattern !== undefined)
    return `if((${text}) != '' AND match(${text}, ${pattern}), ${literal(rule.account)}, '')`
  const hasGroup = rule.pattern?.includes('{account}') ?? false
  const part =
    pattern === undefined
      ? `(${text})`
      : hasGroup
        ? `extract(${text}, ${pattern})`
        : `if(match(${text}, ${pattern}), ${text}, '')`
  if (rule.by !== 'api-key') return rule.owners ? lookUpSql(rule.owners.accounts, part) : part
  const hash = `lower(hex(SHA256(${part})))`
  return rule.owners
    ? `if(${part} = '', '', ${lookUpSql(rule.owners.accounts, hash)})`
    : `if(${part} = '', '', concat('${hashedKeyPrefix}', substring(${hash}, 1, ${hashedKeyDigits})))`
}

function lookUpSql(accounts: Readonly<Record<string, string>>, key: Sql): Sql {
  const entries = Object.entries(accounts)
  if (entries.length === 0) return "''"
  return `transform(${key}, ${literals(entries.map(([text]) => text))}, ${literals(entries.map(([, account]) => account))}, '')`
}

/** One look-up for each length of prefix in the table, the longest first. */
function ownerSql(networks: Extract<AccountRule, { by: 'address' }>['networks'], address: Sql): Sql {
  const lookUps = networkIndex(networks).map(({ prefix, owners }) => {
    const key = `hex(tupleElement(IPv6CIDRToRange(toIPv6OrDefault(${address}), toUInt8(${prefix})), 1))`
    return `transform(${key}, ${literals([...owners.keys()])}, ${literals([...owners.values()])}, '')`
  })
  if (lookUps.length === 0) return "''"
  const owner = `arrayFirst(owner -> owner != '', [${lookUps.join(', ')}])`
  return `if(isIPv4String(${address}) OR isIPv6String(${address}), ${owner}, '')`
}

import { addressKey, networkKey } from '../../base/address.ts'
import { sha256 } from '../../base/hash.ts'
import { accountInName } from '../attribution.ts'
import type { Confidence } from '../observation.ts'
import type { AccountRule, TextRule } from '../policy.ts'
import { bytesOf, type OwnedNetwork } from './owner-table.ts'
import { textPatternSource } from './text-pattern.ts'

/** What a source knows of a client; texts are empty or absent where it does not. */
export interface Seen {
  sni: string
  address: string
  /** Whom the service took the client for: the user of an access log. */
  principal?: string
  userAgent?: string
  /** Other texts, by `fieldKey` of the rule that asks for them. */
  fields?: Readonly<Record<string, string>>
}

export interface Attribution {
  /** Empty: no rule answered. */
  account: string
  /** The rule that answered, as `ruleNames` says. */
  by: string
  confidence: Confidence
}

const unknownAccount: Attribution = { account: '', by: '', confidence: 'none' }

/** Whose a client is, by the first rule that answers. Pure; the same rules as SQL are in observe/attribute.ts. */
export function attribute(rules: readonly AccountRule[], seen: Seen): Attribution {
  for (const [index, rule] of rules.entries()) {
    const account = accountBy(rule, seen)
    if (account !== '') return { account, by: ruleNames(rules)[index]!, confidence: confidenceOf(rule) }
  }
  return unknownAccount
}

/** How surely a kind of rule answers where the file does not say: what was proved, what was claimed, what is likely by chance too. */
const usualConfidence: Readonly<Record<AccountRule['by'], Exclude<Confidence, 'none'>>> = {
  sni: 'certain',
  principal: 'certain',
  certificate: 'certain',
  'api-key': 'certain',
  header: 'likely',
  field: 'likely',
  address: 'likely',
  'user-agent': 'guessed',
}

export function confidenceOf(rule: AccountRule): Exclude<Confidence, 'none'> {
  return rule.confidence ?? usualConfidence[rule.by]
}

const namesOf = new WeakMap<readonly AccountRule[], readonly string[]>()

/** A name for each rule, as observations carry it: the one of the file, or its kind with what it looks at; numbered where two are alike. */
export function ruleNames(rules: readonly AccountRule[]): readonly string[] {
  let names = namesOf.get(rules)
  if (names === undefined) {
    const count = new Map<string, number>()
    names = rules.map(rule => {
      const plain = rule.name ?? plainName(rule)
      const nth = (count.get(plain) ?? 0) + 1
      count.set(plain, nth)
      return nth === 1 ? plain : `${plain} ${nth}`
    })
    namesOf.set(rules, names)
  }
  return names
}

function plainName(rule: AccountRule): string {
  if (rule.by === 'header') return `header ${rule.header}`
  if (rule.by === 'field') return `field ${rule.field}`
  return rule.by
}

/** What a rule asks a log for by name or place; undefined for what every source gives in the same way. */
export function fieldKey(rule: AccountRule): string | undefined {
  if (rule.by === 'header') return `header ${rule.header.toLowerCase()}`
  if (rule.by === 'certificate') return `certificate ${rule.field ?? rule.part}`
  if (rule.by === 'field' || rule.by === 'api-key') return `field ${rule.field}`
  return undefined
}

function accountBy(rule: AccountRule, seen: Seen): string {
  if (rule.by === 'sni') return accountInName(rule.pattern, seen.sni) ?? ''
  if (rule.by === 'address') return ownerOfAddress(rule.networks, seen.address)
  const text =
    rule.by === 'principal'
      ? seen.principal
      : rule.by === 'user-agent'
        ? seen.userAgent
        : seen.fields?.[fieldKey(rule)!]
  return accountInText(rule, text ?? '')
}

function accountInText(rule: TextRule & { by: string }, text: string): string {
  if (text === '') return ''
  const found = rule.pattern === undefined ? [text, text] : compiled(rule.pattern).exec(text)
  if (!found) return ''
  if (rule.account !== undefined) return rule.account
  const part = found[1] ?? text
  if (rule.by !== 'api-key') return rule.owners ? lookUp(rule.owners.accounts, part) : part
  const hash = sha256(bytesOf(part))
  return rule.owners
    ? lookUp(rule.owners.accounts, hash)
    : `${hashedKeyPrefix}${hash.slice(0, hashedKeyDigits)}`
}

/** An API key without an owner is named by the start of its SHA-256: the same on every machine, and no way back. */
export const hashedKeyPrefix = 'key-'
export const hashedKeyDigits = 12

function lookUp(accounts: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(accounts, key) ? accounts[key]! : ''
}

const patterns = new Map<string, RegExp>()

function compiled(pattern: string): RegExp {
  let regex = patterns.get(pattern)
  if (regex === undefined) {
    regex = new RegExp(textPatternSource(pattern), 's')
    patterns.set(pattern, regex)
  }
  return regex
}

/** Owners by network, the longest prefix first. */
type NetworkIndex = readonly { prefix: number; owners: ReadonlyMap<string, string> }[]

const indexes = new WeakMap<readonly OwnedNetwork[], NetworkIndex>()

export function networkIndex(networks: readonly OwnedNetwork[]): NetworkIndex {
  let index = indexes.get(networks)
  if (index === undefined) {
    const byPrefix = new Map<number, Map<string, string>>()
    for (const { prefix, key, owner } of networks) {
      const owners = byPrefix.get(prefix) ?? new Map<string, string>()
      byPrefix.set(prefix, owners.set(key, owner))
    }
    index = [...byPrefix].sort((a, b) => b[0] - a[0]).map(([prefix, owners]) => ({ prefix, owners }))
    indexes.set(networks, index)
  }
  return index
}

/** The owner of the smallest network in which an address lies; empty when it lies in none. */
export function ownerOfAddress(networks: readonly OwnedNetwork[], address: string): string {
  const key = addressKey(address)
  if (key === undefined) return ''
  for (const { prefix, owners } of networkIndex(networks)) {
    const owner = owners.get(networkKey(key, prefix))
    if (owner !== undefined) return owner
  }
  return ''
}

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressKey, networkKey, networksBetween, parseNetwork } from '../../src/base/address.ts'
import { attribute, fieldKey, ruleNames } from '../../src/model/attribution/attribute.ts'
import { readNetworks, readOwners } from '../../src/model/attribution/owner-table.ts'
import { starsMatch, starsSource, textPatternSource } from '../../src/model/attribution/text-pattern.ts'
import type { AccountRule } from '../../src/model/policy.ts'
import { attributedBy } from '../../src/observe/attribute.ts'
import { selectSql } from '../../src/observe/reading.ts'
import { nginx } from '../../src/observe/sources/nginx.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { runs } from '../runs.ts'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ kind: 'memory' })
})
afterAll(() => db.close())

const networks = (text: string) => {
  const read = readNetworks(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}
const owners = (text: string, isSecret: boolean) => {
  const read = readOwners(text, isSecret)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return { file: 'owners.csv', accounts: read.value }
}

/** One rule of every kind and form. */
const every: AccountRule[] = [
  { by: 'sni', pattern: '{account}.{region}.example.com' },
  { by: 'principal', pattern: '{account}@partners.example' },
  { by: 'principal', owners: owners('4711,contoso\n"o\'neil ""&"" sons",oneil', false) },
  { by: 'certificate', part: 'subject', pattern: '*CN={account}*' },
  { by: 'api-key', field: 'key', owners: owners('secret-1,fabrikam', true) },
  { by: 'api-key', field: 'other' },
  { by: 'header', header: 'X-Tenant-Id', confidence: 'certain' },
  { by: 'field', field: 'tenant', pattern: 't-*', account: 'all-tenants' },
  {
    by: 'address',
    file: 'n.csv',
    networks: networks('10.0.0.0/8,wide\n10.1.0.0/16,narrow\n2001:db8::/33,six\n192.0.2.7,one'),
  },
  { by: 'user-agent', pattern: '{account}-client/*', name: 'our SDK' },
]

const layout = {
  form: 'json',
  at: {
    time: { keys: [['t']] },
    version: { keys: [['v']] },
    sni: { keys: [['sni']] },
    address: { keys: [['ip']] },
    account: { keys: [['user']] },
    userAgent: { keys: [['ua']] },
  },
  fileMs: 0,
}

interface Line {
  sni: string
  ip: string
  user: string
  ua: string
  key: string
  other: string
  tenant: string
  x_tenant_id: string
  ssl_client_s_dn: string
}

/** What SQL makes of the lines. */
async function bySql(rules: readonly AccountRule[], lines: readonly Line[]) {
  const reading = attributedBy({ by: 'rules', rules }, nginx.read(layout), layout)
  const text = (line: Line) => JSON.stringify({ t: '2026-11-02T10:00:00Z', v: 'TLSv1.2', ...line })
  const from = `SELECT number + 1 AS seq, {lines:Array(String)}[number + 1] AS line FROM numbers(${lines.length})`
  return db.rows<{ account: string; by: string; confidence: string }>(
    `SELECT account, attributed_by AS by, confidence FROM (${selectSql(reading, { sourceId: 'nginx', fileMs: 0, from })}) ORDER BY seq`,
    { lines: lines.map(text) },
  )
}

const key = (by: AccountRule['by']) => fieldKey(every.find(rule => rule.by === by)!)!

function byModel(rules: readonly AccountRule[], line: Line) {
  return attribute(rules, {
    sni: line.sni,
    address: line.ip,
    principal: line.user,
    userAgent: line.ua,
    fields: {
      [key('header')]: line.x_tenant_id,
      [key('certificate')]: line.ssl_client_s_dn,
      'field key': line.key,
      'field other': line.other,
      'field tenant': line.tenant,
    },
  })
}

const word = fc.constantFrom('contoso', 'a', 'A.b_c', 'x y', "o'neil", 'K', '4711')
const texts = (...some: string[]) => fc.oneof(fc.constant(''), fc.constantFrom(...some), word)
const line: fc.Arbitrary<Line> = fc.record({
  sni: texts('contoso.westeurope.example.com', 'a.b.example.com', 'x.example.com', '-.b.example.com'),
  ip: fc.oneof(
    fc.constantFrom(
      '',
      '10.1.2.3',
      '10.2.0.0',
      '192.0.2.7',
      '192.0.2.8',
      '2001:db8::1',
      '2001:db8:8000::1',
      '::1',
    ),
    fc.ipV4(),
    fc.ipV6().map(address => address.toLowerCase()),
  ),
  user: texts('ann@partners.example', 'ANN@Partners.Example', 'a@b@partners.example', 'o\'neil "&" sons'),
  ua: texts('fabrikam-client/2.1', 'a-client-client/', '-client/1', 'Client/é-client/1', 'x\n-client/'),
  key: texts('secret-1', 'secret-2'),
  other: texts('k', 'schlüssel'),
  tenant: texts('t-1', 'T-', 'xt-1'),
  x_tenant_id: texts('north'),
  ssl_client_s_dn: texts('CN=device-1,O=Contoso', 'O=Contoso, cn=a.b', 'CN='),
})

test('SQL attributes every line as the model does, whatever the rules and their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(every, { minLength: 1 }),
      fc.array(line, { minLength: 30, maxLength: 40 }),
      async (rules, lines) => {
        expect(await bySql(rules, lines)).toEqual(lines.map(each => byModel(rules, each)))
      },
    ),
    { numRuns: runs(6) },
  )
})

test('each kind of rule answers for what it is made for, and the first that answers wins', async () => {
  const none: Line = {
    sni: '',
    ip: '',
    user: '',
    ua: '',
    key: '',
    other: '',
    tenant: '',
    x_tenant_id: '',
    ssl_client_s_dn: '',
  }
  const lines = [
    { ...none, sni: 'Contoso.WestEurope.Example.com', user: 'ann@partners.example' },
    { ...none, user: 'ann@partners.example' },
    { ...none, user: '4711' },
    { ...none, ssl_client_s_dn: 'CN=device-1,O=Contoso' },
    { ...none, key: 'secret-1' },
    { ...none, other: 'abc' },
    { ...none, x_tenant_id: 'north' },
    { ...none, tenant: 't-9' },
    { ...none, ip: '10.1.2.3' },
    { ...none, ip: '2001:db8::1' },
    { ...none, ua: 'fabrikam-client/2.1' },
    none,
  ]
  const wanted = [
    ['contoso', 'sni', 'certain'],
    ['ann', 'principal', 'certain'],
    ['contoso', 'principal 2', 'certain'],
    ['device-1', 'certificate', 'certain'],
    ['fabrikam', 'api-key', 'certain'],
    ['key-ba7816bf8f01', 'api-key 2', 'certain'],
    ['north', 'header X-Tenant-Id', 'certain'],
    ['all-tenants', 'field tenant', 'likely'],
    ['narrow', 'address', 'likely'],
    ['six', 'address', 'likely'],
    ['fabrikam', 'our SDK', 'guessed'],
    ['', '', 'none'],
  ]
  expect(lines.map(each => Object.values(byModel(every, each)))).toEqual(wanted)
  expect((await bySql(every, lines)).map(row => Object.values(row))).toEqual(wanted)
  expect(new Set(ruleNames(every)).size).toBe(every.length)
})

describe('tables of networks', () => {
  const problems = (text: string) => {
    const read = readNetworks(text)
    return read.ok ? [] : read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  }

  test('names of columns, comments, quotes, spans and other separators are read', () => {
    const text =
      '\uFEFFnetwork;owner;note\r\n# ours\r\n"10.0.0.0/8";"Contoso, Ltd";x\r\n10.1.0.0-10.1.0.9;b\r\n\r\n'
    expect(networks(text).map(({ prefix, owner }) => [prefix, owner])).toEqual([
      [104, 'Contoso, Ltd'],
      [125, 'b'],
      [127, 'b'],
    ])
  })

  test('what is wrong is told with line and column', () => {
    expect(
      problems('10.0.0.0/8,a\n10.0.0.1/8,b\n10.0.0.0/40,c\nnonsense,d\n10.2.0.0/16\n10.0.0.0/8,z\n'),
    ).toEqual([
      '2:1 10.0.0.1/8 has bits set beyond its prefix',
      '3:1 10.0.0.0/40 is not a network',
      '4:1 nonsense is not a network',
      '5:1 the owner is missing',
      '6:1 10.0.0.0/8 belongs to z here and to a in line 1',
    ])
    expect(problems('10.9.0.0-10.8.0.0,a')).toEqual(['1:1 10.9.0.0-10.8.0.0 is not a span of addresses'])
    expect(problems('network,owner\n')).toEqual(['1:1 the table holds no networks'])
  })

  test('any text gives an answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
        readNetworks(text)
        readOwners(text, true)
        addressKey(text)
        parseNetwork(text)
      }),
    )
  })

  test('an address lies in a network when their first bits agree; a span is covered exactly', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
        const key = networkKey(addressKey(address)!, 96 + bits)
        const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0
        const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
        expect(Number.parseInt(key.slice(24), 16)).toBe((number & mask) >>> 0)
      }),
    )
    const numberOf = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (a, b) => {
        const [from, to] = numberOf(a) <= numberOf(b) ? [a, b] : [b, a]
        const sizes = networksBetween(from, to)!.map(({ prefix }) => 2 ** (128 - prefix))
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(numberOf(to) - numberOf(from) + 1)
      }),
    )
  })

  test('API keys are kept as hashes only', () => {
    const { accounts } = owners('key,account\nsecret-1,fabrikam', true)
    expect(JSON.stringify(accounts)).not.toContain('secret')
    const again = readOwners('secret-1,a\nsecret-1,b', true)
    expect(again.ok).toBe(false)
    expect(JSON.stringify(again)).not.toContain('secret-1')
  })
})

test('patterns of stars mean the same in both engines', () => {
  const piece = fc.constantFrom('*', 'a', 'B', '.', '/', '(', ' ', 'kube-probe')
  const text = fc.array(fc.constantFrom('a', 'b', 'B', '.', '/', '(', '\n', 'K', 'kube-probe'), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), text, (pieces, parts) => {
      const [pattern, found] = [pieces.join(''), parts.join('')]
      const lower = found.replace(/[A-Z]/g, letter => letter.toLowerCase())
      expect(starsMatch(pattern, found)).toBe(new RegExp(starsSource(pattern), 's').test(lower))
      expect(starsMatch(pattern, found)).toBe(new RegExp(textPatternSource(pattern), 's').test(found))
    }),
  )
})

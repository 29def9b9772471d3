import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupPresets, schemePresets } from '../../src/model/presets/groups.ts'
import { retirementPresets } from '../../src/model/presets/retirements.ts'
import { suitePresets } from '../../src/model/presets/suites.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { TLS_1_0 } from '../../src/model/version.ts'

const folder = fileURLToPath(new URL('../../cases/retirement/', import.meta.url))
const nowMs = Date.UTC(2026, 0, 10)
const minimal = (more: string) =>
  `retirement: r\nservice: { names: [a.example], owner: o }\naccounts: { sni: "{account}.example" }\nfloor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }\n${more}\n`

const names = readdirSync(folder).filter(name => name.endsWith('.yaml'))

test.each(names)('cases/retirement/%s (UPDATE=1 rewrites what is expected)', name => {
  const result = readRetirement(readFileSync(folder + name, 'utf8'), { nowMs })
  const text = `${JSON.stringify(result, null, 2)}\n`
  const expected = folder + name.replace(/yaml$/, 'expected.json')
  if (process.env.UPDATE) writeFileSync(expected, text)
  expect(existsSync(expected)).toBe(true)
  expect(result).toEqual(JSON.parse(readFileSync(expected, 'utf8')))
})

describe('readRetirement', () => {
  const problemsOf = (text: string) => {
    const result = readRetirement(text)
    return result.ok ? [] : result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  }

  test('YAML spellings of versions: numbers, words, hex', () => {
    for (const version of ['1.0', 'TLSv1', 'tls1_0', '"TLS 1.0"', '0x0301']) {
      const text = minimal('').replace('now: { version: TLS 1.0 }', `now: { version: ${version} }`)
      const result = readRetirement(text)
      expect(result.ok && result.policy.floor.now.version, version).toBe(TLS_1_0)
    }
  })

  test('a day means its first instant in UTC, an offset is taken into account', () => {
    const cutoffOf = (text: string) => {
      const result = readRetirement(minimal(`cutoff: ${text}`))
      return result.ok ? result.policy.cutoffMs : undefined
    }
    expect(cutoffOf('2023-03-31')).toBe(Date.UTC(2023, 2, 31))
    expect(cutoffOf('2023-03-31T02:00:00+02:00')).toBe(Date.UTC(2023, 2, 31))
    expect(cutoffOf('2023-03-31 00:00Z')).toBe(Date.UTC(2023, 2, 31))
    expect(problemsOf(minimal('cutoff: 2023-03-31T00:00:00'))).toEqual([
      '5:9 2023-03-31T00:00:00 has no time zone',
    ])
    expect(problemsOf(minimal('cutoff: tomorrow'))).toEqual(['5:9 tomorrow is not a date'])
  })

  test('a repeated brownout becomes plain windows, the last one before until', () => {
    const result = readRetirement(
      minimal(
        'brownouts: [{ from: 2023-02-07T14:00:00Z, forMinutes: 10, every: hour, until: 2023-02-07T17:00:00Z }]',
      ),
    )
    expect(result.ok && result.policy.brownouts.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(
      [14, 15, 16].map(hour => [Date.UTC(2023, 1, 7, hour), Date.UTC(2023, 1, 7, hour, 10)]),
    )
  })

  test('a billion laughs ends in a problem', () => {
    const layers = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    )
    expect(problemsOf(`l0: &l0 [a]\n${layers.join('\n')}\n`)).toHaveLength(1)
  })

  test('any text gives an answer', () => {
    const words = fc.constantFrom(
      'retirement',
      'service',
      'floor',
      ':',
      '-',
      '{',
      '}',
      '[',
      ']',
      '"',
      '\n',
      '  ',
      '&a',
      '*a',
      'TLS 1.2',
      '!!js',
      '|',
      '\t',
      '\0',
      '%',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map(parts => parts.join(' ')),
        ),
        text => {
          const result = readRetirement(text)
          if (!result.ok) expect(result.problems.length).toBeGreaterThan(0)
        },
      ),
    )
  })

  test('damage to a good file is answered at a place inside it', () => {
    const good = readFileSync(`${folder}design.yaml`, 'utf8')
    const lines = good.split('\n').length
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.constantFrom('', ' ', 'x', '{', '"', ':', '0', '\n'),
        (at, put) => {
          const result = readRetirement(good.slice(0, at) + put + good.slice(at + 1))
          for (const note of result.ok ? result.warnings : result.problems) {
            expect(note.line).toBeGreaterThanOrEqual(1)
            expect(note.line).toBeLessThanOrEqual(lines + 1)
            expect(note.column).toBeGreaterThanOrEqual(1)
            expect(note.message).not.toBe('')
          }
        },
      ),
    )
  })
})

describe('presets', () => {
  test.each(retirementPresets.map(preset => preset.id))('extends: %s makes a policy', id => {
    const result = readRetirement(
      `extends: ${id}\nretirement: r\nservice: { names: [a.example], owner: o }\n`,
    )
    expect(result.ok ? [] : result.problems).toEqual([])
  })

  test('every preset has a source, the month it was read, and suites of the right era', () => {
    const all = [...suitePresets(), ...groupPresets, ...schemePresets, ...retirementPresets]
    expect(new Set(suitePresets().map(preset => preset.id)).size).toBe(suitePresets().length)
    for (const preset of all) {
      expect(preset.source, preset.id).not.toBe('')
      expect(preset.checked, preset.id).toMatch(/^20\d\d-\d\d$/)
    }
    const sizes = suitePresets().map(({ id, older, tls13 }) => `${id} ${older.length}+${tls13.length}`)
    expect(sizes).toEqual([
      'modern 0+3',
      'intermediate 6+3',
      'intermediate-5.7 9+3',
      'old 26+3',
      'nist-sp-800-52r2 56+4',
      'bsi-tr-02102-2 20+3',
      'pci 164+13',
      'aead 72+13',
      'forward-secret 76+13',
    ])
  })

  test('modern leaves TLS 1.2 without a suite, intermediate keeps six', () => {
    const floorOf = (suites: string) => {
      const result = readRetirement(
        minimal('').replace('version: TLS 1.2', `version: TLS 1.2, suites: ${suites}`),
      )
      return result.ok ? result.policy.floor.next : undefined
    }
    expect(floorOf('modern')).toMatchObject({ suites: [], suitesTls13: [0x1301, 0x1302, 0x1303] })
    expect(floorOf('intermediate')?.suites).toHaveLength(6)
    expect(floorOf('[0xc02f]')).toMatchObject({ suites: [0xc02f], title: 'TLS 1.2, suites 0xc02f' })
    expect(floorOf('[TLS_AES_128_GCM_SHA256]')?.suites).toBeUndefined()
  })
})

describe('rules for accounts and junk', () => {
  const read = (rules: string, table?: string) => {
    const text = minimal('').replace(/accounts: .*\n/, `${rules}\n`)
    const result = readRetirement(text, {
      ...(table !== undefined && { readTable: () => ({ ok: true as const, text: table }) }),
    })
    return result.ok
      ? result.policy
      : result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  }

  test('a table that is wrong is told at the rule, with its own line and column', () => {
    expect(read('accounts: { address: n.csv }', '10.0.0.0/8,a\n10.0.0.1/8,b\n')).toEqual([
      '3:22 n.csv:2:1: 10.0.0.1/8 has bits set beyond its prefix',
    ])
    const missing = readRetirement(minimal('').replace(/accounts: .*\n/, 'accounts: { address: n.csv }\n'), {
      readTable: () => ({ ok: false, why: 'no such file' }),
    })
    expect(missing.ok || missing.problems[0]!.message).toBe('cannot read n.csv: no such file')
  })

  test('what a rule cannot mean', () => {
    expect(read('accounts: { header: x, field: y }')).toEqual(['3:11 a rule looks at exactly one thing'])
    expect(read('accounts: { userAgent: "Contoso*" }')).toEqual([
      '3:24 Contoso* does not say where the account stands',
    ])
    expect(read('accounts: { sni: "{account}.example", owners: k.csv }')).toEqual([
      '3:39 owners says nothing to a rule of sni',
    ])
    expect(read('accounts: { field: t, account: all }')).toEqual([
      '3:32 account without match says that all traffic is of one account',
    ])
    expect(read('junk: { rules: [{ name: a, userAgent: "*" }] }')).toEqual([
      '3:39 * would set everything apart',
    ])
    expect(read('junk: { rules: [{ name: scanner, account: x }], keep: [monitors] }')).toEqual([
      '3:25 there is another rule named scanner',
      '3:56 there is no built-in rule monitors',
    ])
  })

  test('own junk rules act first, and built-in ones can be kept from acting', () => {
    const policy = read('junk: { keep: [monitor], rules: [{ name: ours, account: [x, "y-*"] }] }')
    expect(Array.isArray(policy) || policy.junk?.map(rule => rule.name)).toEqual([
      'ours',
      'scanner',
      'crawler',
    ])
  })
})

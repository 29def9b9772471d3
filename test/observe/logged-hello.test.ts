import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLogs } from '../../src/cli/read-logs.ts'
import { helloKeys, loggedOffer, loggedShapes } from '../../src/observe/logged-hello.ts'

test('the keys of lists, by the names of fetches and what people make of them', () => {
  const names = ['ssl_fc_cipherlist_bin', 'exts_hex', 'groups_hex', 'ecformats_hex', 'ua']
  expect(Object.keys(helloKeys(names) ?? {})).toEqual(['suites', 'extensions', 'groups', 'pointFormats'])
  expect(helloKeys(['cipherlist_hex', 'sslc'])).toBeNull()
})

test('a client of TLS 1.3 is known by extension 43 and its suites, not by the version of its hello', () => {
  const offer = loggedOffer('771|772|1302130313010035|0000000A000B000D002B002D0033|001D0017|00')
  expect(offer).toMatchObject({
    supportedVersions: [0x0304, 0x0303],
    groups: [29, 23],
    keyShareGroups: [29, 23],
    pointFormats: [0],
  })
  expect(loggedOffer('771|771|C02FC030|0000000A000B000D|?|?')).toMatchObject({
    supportedVersions: [],
    groups: [29, 23, 24, 25],
  })
  expect(loggedOffer('769|769|002F0035||?|?')).toMatchObject({
    withoutExtensions: true,
    legacyVersion: 0x0301,
  })
})

test('what cannot be a hello is none', () => {
  for (const text of [
    '',
    '771|771|C02F||?|?',
    '771|0|C0|000A|?|?',
    '-|0|C02F|000A|?|?',
    'x|y',
    '99999|0|C02F|000A|?|?',
  ])
    expect(loggedOffer(text), text).toBeNull()
  fc.assert(
    fc.property(fc.string(), text => loggedOffer(text) === null || text.includes('|')),
    { numRuns: 50 },
  )
})

test('rows of a log with lists get shapes, each once, and the highest version offered', async () => {
  const { rows, shapes } = await readLogs([{ path: 'cases/source/haproxy/hello.json', name: 'hello.json' }])
  expect(rows.length).toBeGreaterThan(0)
  const ids = new Set(shapes.map(shape => shape.id))
  for (const row of rows) {
    expect(ids).toContain(row.shape)
    expect(row.offeredMax).toBeGreaterThanOrEqual(row.negotiated)
  }
  // Two texts of one offer are one shape.
  const row = { shape: '771|772|1301|002B|?|?', offeredMax: 0 } as (typeof rows)[number]
  const other = { ...row, shape: '771|771|1301|002B|?|?' }
  const found = loggedShapes()
  found.take(row)
  found.take(other)
  expect(row.shape).toBe(other.shape)
})

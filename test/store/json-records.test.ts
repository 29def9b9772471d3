import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachRecord, isDocument } from '../../src/store/json-records.ts'

async function recordsOf(text: string, chunkBytes = text.length): Promise<string[]> {
  const bytes = Buffer.from(text)
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += chunkBytes)
      yield Buffer.from(bytes.subarray(at, at + chunkBytes))
  }
  const found: Buffer[] = []
  for await (const piece of eachRecord(chunks())) found.push(piece)
  return Buffer.concat(found)
    .toString()
    .split('\n')
    .filter(line => line !== '')
}

const a = { tls: 'TLSv1', ua: 'a "quoted" {one}, \\' }
const b = { tls: 'TLSv1.2', more: [{ x: [1, { y: '}' }] }] }

test.each([
  ['a list', JSON.stringify([a, b])],
  ['a printed list', JSON.stringify([a, b], null, 2)],
  ['one after another, printed', `${JSON.stringify(a, null, 4)}\n${JSON.stringify(b, null, 4)}\n`],
  ['a printed wrapper', JSON.stringify({ Records: [a, b] }, null, 2)],
  ['a list of wrappers', JSON.stringify([{ records: [a] }, { records: [b] }])],
  ['a wrapper that says more', JSON.stringify({ total: 2, logs: [a, b], next: null })],
  [
    'wrappers that say more, one after another',
    [[], [a], [b]].map(logEvents => JSON.stringify({ owner: '1', filters: ['x'], logEvents })).join(''),
  ],
  [
    'the answer of a search',
    JSON.stringify({ took: 5, hits: { total: { value: 2 }, max_score: 1, hits: [a, b] } }),
  ],
  ['with the mark at the start', `\uFEFF${JSON.stringify([a, b], null, 1)}`],
  ['Windows line ends', JSON.stringify([a, b], null, 2).replaceAll('\n', '\r\n')],
])('%s is a document; its records come one per line', async (_, text) => {
  expect(isDocument(text)).toBe(true)
  const whole = (await recordsOf(text)).flatMap(line => (line.startsWith('{') ? [JSON.parse(line)] : []))
  expect(whole).toEqual([a, b])
})

test.each([
  ['one per line', `${JSON.stringify(a)}\n${JSON.stringify(b)}\n`],
  ['what its source reads in one line', JSON.stringify({ Records: [a, b] })],
  ['text', '[22/Nov/2026:17:28:05 +0000] 192.0.2.1 TLSv1.2\n'],
  ['nothing', ''],
])('%s is not', (_, text) => {
  expect(isDocument(text)).toBe(false)
})

test('whole records are kept beside broken ones, which are one line each', async () => {
  const printed = JSON.stringify(b, null, 2)
  const cases = [
    `[\n${printed},\n,${printed}`,
    `[{"cut": {"off": 1,\n${printed},\n${printed}]`,
    `[{"open": "text\n"},\n${printed}, ${printed}\n]`,
    `[${printed},\nnot JSON at all\n${printed}]`,
    `[${printed},${printed},\n{"tls": "TLSv1.2", "ua`,
  ]
  for (const text of cases) {
    const lines = await recordsOf(text)
    expect(lines.filter(line => line.startsWith('{ ')).map(line => JSON.parse(line))).toEqual([b, b])
    expect(lines.length).toBeLessThanOrEqual(4)
  }
})

test('records do not depend on how the bytes come', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 20 }),
      async (records, chunkBytes) => {
        const text = records.map(record => JSON.stringify(record, null, 2)).join('\n')
        const found = await recordsOf(text, chunkBytes)
        expect(found).toEqual(await recordsOf(text))
      },
    ),
    { numRuns: 50 },
  ))

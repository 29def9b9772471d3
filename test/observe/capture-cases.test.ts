import { readdirSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openCapture } from '../../src/observe/capture/open.ts'
import { readCapture } from '../../src/observe/capture/read.ts'
import { type HelloEvent, helloRow } from '../../src/observe/capture/rows.ts'
import { allOf } from './captures.ts'

const folder = fileURLToPath(new URL('../../cases/captures/', import.meta.url))
const captures = readdirSync(folder, { recursive: true })
  .map(String)
  .filter(name => /\.pcap(ng)?(\.gz)?$/.test(name))
  .sort()

const sections = {
  client_hellos: 'client_hello',
  server_hellos: 'server_hello',
  alerts: 'alert',
  incomplete_client_hellos: 'incomplete_client_hello',
} as const

test.each(captures)('%s holds what is expected, field by field', async name => {
  const expected = JSON.parse(readFileSync(`${folder}${name}.expected.json`, 'utf8'))
  const { events, end } = await allOf(readCapture(openCapture(folder + name, Readable.from([]))))
  const rows = events.filter((event): event is HelloEvent => event.kind !== 'connection').map(helloRow)
  for (const [section, kind] of Object.entries(sections)) {
    const wanted = expected[section] ?? []
    const found = rows.filter(row => row.kind === kind)
    expect(found.length, section).toBe(wanted.length)
    for (const [i, want] of wanted.entries()) expect(found[i]).toMatchObject(want)
  }
  expect(end.broken).toBeNull()
  expect(end.cut).toBeNull()
})

test('there are captures to read', () => {
  expect(captures.length).toBeGreaterThan(40)
})

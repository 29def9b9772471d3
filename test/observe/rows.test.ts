import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { helloRow, membersOf, rowWriter } from '../../src/observe/capture/rows.ts'
import { wholeCapture } from './captures.ts'

const own = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../cases/captures/own/${name}`, import.meta.url)))

test('written lines are rows with more members, also of kinds seen before', async () => {
  const write = rowWriter()
  let lines = 0
  for (const name of [
    'ossl-tls10.pcap',
    'mosquitto.pcap',
    'ng-nanosecond-customblocks.pcapng',
    'ossl-tls10.pcap',
  ])
    for (const event of (await wholeCapture(own(name))).events) {
      if (event.kind === 'connection') continue
      const line = write(event, membersOf({ file: 'a "file".pcap' }))
      expect(line.endsWith('}\n')).toBe(true)
      expect(JSON.parse(line)).toEqual({ ...helloRow(event), file: 'a "file".pcap' })
      lines++
    }
  expect(lines).toBeGreaterThan(30)
})

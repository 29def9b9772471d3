import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attributedBy } from '../../src/observe/attribute.ts'
import { rollUpSql } from '../../src/observe/fold.ts'
import { nginx } from '../../src/observe/sources/nginx.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { linesOf, openLogFile, sampleFile } from '../../src/store/files.ts'
import { rollUp } from '../../src/store/roll-up.ts'

let db: Database
const folder = mkdtempSync(join(tmpdir(), 'tlsunset-fold-'))
beforeAll(async () => {
  db = await openDatabase({ kind: 'memory' })
})
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A plain line; the fields that tests vary. */
function line(some: {
  time?: string
  user?: string
  agent?: string
  tls?: string
  sni?: string
  status?: number
}) {
  const {
    time = '22/Nov/2026:23:59:59 +0000',
    user = '-',
    agent = 'curl/8.5.0',
    tls = 'TLSv1.2 AES128-SHA',
  } = some
  return `192.0.2.${(agent.length % 5) + 1} - ${user} [${time}] "GET / HTTP/1.1" ${some.status ?? 200} 5 "-" "${agent}" ${tls} "${some.sni ?? 'a.example.com'}"`
}

const zones = ['+0000', '-0800', '+0530', '+1300']
const usual = Array.from({ length: 400 }, (_, at) =>
  line({
    time: `${String(1 + (at % 3)).padStart(2, '0')}/Nov/2026:${String(at % 24).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}:07 ${zones[at % 4]}`,
    tls: ['TLSv1 AES128-SHA', 'TLSv1.2 AES128-SHA', 'TLSv1.3 TLS_AES_128_GCM_SHA256', '- -'][at % 4]!,
    sni: `${'abc'[at % 3]}.example.com`,
    status: [200, 404, 500][at % 3]!,
    agent: ['curl/8.5.0', 'Mozilla/5.0 (X11)', 'TLSv1 SSLv3'][at % 3]!,
  }),
)

/** What is not plain, or looks plain and is not. */
const odd = [
  line({ user: 'jo' }),
  line({ user: 'a [01/Jan/2026:00:00:00 +0000]' }),
  line({ agent: 'a \\" TLSv1 AES128-SHA \\"b' }),
  line({ agent: 'ends in a backslash \\\\' }),
  line({ agent: 'x" TLSv1 AES128-SHA "y" "' }),
  line({ time: '32/Foo/2026:00:00:00 +0000' }),
  line({ time: '22/Nov/2026:25:00:00 +0000' }),
  line({ time: '22/Nov/2026:10:00:00' }),
  line({ tls: 'TLSv9 NONE' }),
  line({ sni: 'A.Example.com:443' }),
  `${line({})}\r`,
  line({}).slice(0, -30),
  line({}) + line({}),
  '',
  '\u0000\u0000',
  'another program wrote TLSv1 here',
]

test('lines counted before they are read give the rows of lines read one by one', async () => {
  const path = join(folder, 'access.log')
  writeFileSync(path, `${[...usual, ...odd, ...odd, ...usual].join('\n')}\n`)
  const file = openLogFile(path, () => folder)
  const { layout } = nginx.detect(await sampleFile(db, file))!
  expect(layout.quoted?.clockAfter).toBe(5)
  const reading = attributedBy({ by: 'sni' }, nginx.read(layout), layout)
  const facts = { sourceId: 'nginx', fileMs: file.writtenMs, from: linesOf(file, reading.format) }
  const { quoted: _, ...oneByOne } = reading
  const [folded, single] = [rollUpSql(reading, facts), rollUpSql(oneByOne, facts)]
  expect(folded).not.toBe(single)
  expect(folded).toContain('first_second')
  expect(single).not.toContain('first_second')
  const sorted = async (sql: string) => {
    const { rows, observations, skipped } = await rollUp(db, sql)
    return {
      rows: rows.map(row => JSON.stringify(row, Object.keys(row).sort())).sort(),
      observations,
      skipped,
    }
  }
  const found = await sorted(folded)
  expect(found).toEqual(await sorted(single))
  const lines = 2 * (usual.length + odd.length)
  expect(found.observations + found.skipped.reduce((sum, { lines }) => sum + lines, 0)).toBe(lines)
})

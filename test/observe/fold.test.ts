import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AccountsFrom, attributedBy } from '../../src/observe/attribute.ts'
import { countFile } from '../../src/observe/fold/count-file.ts'
import { countedLinesSql, linePlaces, rollUpSql } from '../../src/observe/fold.ts'
import { listedLinesSql, listedPlaces, listedSettings } from '../../src/observe/listed.ts'
import { readingSettings, selectSql } from '../../src/observe/reading.ts'
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
  line({ agent: `long ${'A'.repeat(70_000)}` }),
  line({ agent: `less long ${'A'.repeat(7000)}` }),
  line({ agent: 'two\ttabs\t' }).replace(' - ', '\t- '),
  `\uFEFF${line({})}`,
  line({}).slice(0, -30),
  line({}) + line({}),
  '',
  '\u0000\u0000',
  'another program wrote TLSv1 here',
]

/** A file whose rows can be made in three ways. */
async function readable(path: string) {
  const file = openLogFile(path, () => folder)
  const { layout } = nginx.detect(await sampleFile(db, file))!
  const reading = attributedBy({ by: 'sni' }, nginx.read(layout), layout)
  const facts = { sourceId: 'nginx', fileMs: file.writtenMs, from: linesOf(file, reading.format) }
  const { quoted: _, ...oneByOne } = reading
  const sql = { single: rollUpSql(oneByOne, facts), folded: rollUpSql(reading, facts) }
  expect(sql.folded).toContain('first_second')
  expect(sql.single).not.toContain('first_second')
  return {
    layout,
    single: () => sorted(sql.single),
    folded: () => sorted(sql.folded),
    async byPlaces(pieceBytes?: number) {
      const counted = (await countFile(file, linePlaces(reading)!, folder, { pieceBytes }))!
      const rows = await sorted(countedLinesSql(counted, reading, facts))
      counted.remove()
      return { pieces: counted.linesBefore.length, rows }
    },
  }
}

async function sorted(sql: string) {
  const { rows, observations, skipped } = await rollUp(db, sql)
  return {
    rows: rows.map(row => JSON.stringify(row, Object.keys(row).sort())).sort(),
    observations,
    skipped,
  }
}

test('lines counted before they are read give the rows of lines read one by one', async () => {
  const path = join(folder, 'access.log')
  writeFileSync(path, `${[...usual, ...odd, ...odd, ...usual].join('\n')}\n`)
  const file = await readable(path)
  const single = await file.single()
  expect(file.layout.quoted?.clockAfter).toBe(5)
  expect(await file.folded()).toEqual(single)
  expect((await file.byPlaces()).rows).toEqual(single)
  const lines = 2 * (usual.length + odd.length)
  expect(single.observations + single.skipped.reduce((sum, { lines }) => sum + lines, 0)).toBe(lines)
})

/** The rows for the store, from lines read one by one and from lines that were listed by their kinds. */
async function storedRows(path: string, accountsFrom: AccountsFrom, pieceBytes?: number) {
  const file = openLogFile(path, () => folder)
  const { layout } = nginx.detect(await sampleFile(db, file))!
  const reading = attributedBy(accountsFrom, nginx.read(layout), layout)
  // Between the first and the second day of the lines, in the midst of their hours.
  const facts = { sourceId: 'nginx', fileMs: file.writtenMs, latestMs: Date.UTC(2026, 10, 2, 11, 30) }
  const listed = (await countFile(file, listedPlaces(reading)!, folder, {
    listsLines: true,
    pieceBytes,
  }))!
  const rows = (select: string, settings = readingSettings) =>
    db.rows(`SELECT * FROM (${select}) ORDER BY seq ${settings}`)
  try {
    return {
      lines: listed.lines,
      single: await rows(selectSql(reading, { ...facts, from: linesOf(file, reading.format) })),
      listed: await rows(listedLinesSql(listed, reading, facts), listedSettings),
    }
  } finally {
    listed.remove()
  }
}

test('lines listed by their kinds give the very rows of lines read one by one', async () => {
  const path = join(folder, 'listed.log')
  const addresses = [
    '::1',
    '[2001:db8::1]:443',
    '192.0.2.1:99',
    '::ffff:192.0.2.1',
    'unknown',
    '-',
    '192.0.2.300',
    '',
  ]
  const strange = addresses.map(address =>
    line({ tls: '- -', time: '31/Foo/2026:00:00:00 +0000' }).replace(/^\S+/, address),
  )
  const lines = [
    ...usual,
    ...usual,
    ...usual.slice(200),
    ...odd,
    ...strange,
    line({ time: '01/Jan/1970:00:00:09 +0000' }),
  ]
  writeFileSync(path, lines.join('\n'))
  for (const [by, pieceBytes] of [['user'], ['sni', 90], ['address', 5000]] as const) {
    const { single, listed, lines: count } = await storedRows(path, { by }, pieceBytes)
    expect([count, single.length]).toEqual([lines.length, lines.length])
    expect(listed).toEqual(single)
  }
})

test('lines are counted alike wherever a file is cut into pieces, and with no line end at its end', async () => {
  const path = join(folder, 'pieces.log')
  writeFileSync(path, [...usual.slice(0, 20), ...odd, ...usual.slice(20, 40)].join('\n'))
  const file = await readable(path)
  const single = await file.single()
  expect((await file.byPlaces()).rows).toEqual(single)
  // Some end a piece in the midst of a line, some at its last byte, some hold none.
  for (const pieceBytes of [90, 1000, line({}).length + 1]) {
    const cut = await file.byPlaces(pieceBytes)
    expect(cut.pieces).toBeGreaterThan(10)
    expect(cut.rows).toEqual(single)
  }
})

test('a client of many addresses, and more kinds of lines than are held at once', async () => {
  const path = join(folder, 'many.log')
  const addresses = Array.from({ length: 300 }, (_, at) =>
    line({}).replace(/^\S+/, `10.1.${at >> 8}.${at & 255}`),
  )
  writeFileSync(path, `${[...addresses, ...addresses].join('\n')}\n`)
  const file = await readable(path)
  const few = await file.byPlaces()
  expect(few.rows).toEqual(await file.single())
  const long = 'A'.repeat(60_000)
  const kinds = Array.from({ length: 2300 }, (_, at) => line({ agent: `${at} ${long}` }))
  // What a log is known by are its first lines.
  const first = [1, 2, 3, 4].flatMap(() => addresses)
  writeFileSync(path, `${[...first, ...kinds, ...addresses].join('\n')}\n`)
  const { rows: many } = await (await readable(path)).byPlaces()
  expect(many.observations).toBe(3800)
  type Row = { addresses: number; connections: number }
  const rowsOf = (found: typeof many): Row[] => JSON.parse(`[${found.rows.join(',')}]`)
  const [most] = rowsOf(many).sort((a, b) => b.connections - a.connections)
  const [known] = rowsOf(few.rows)
  expect([many.rows.length, most!.connections, most!.addresses]).toEqual([2301, 1500, known!.addresses])
})

test('what counts lines is built from the source beside it', () => {
  const of = (name: string) => readFileSync(join('src/observe/fold', name))
  const hash = createHash('sha256').update(of('lines.c')).digest('hex')
  expect(of('lines.wasm').subarray(-64).toString('latin1')).toBe(hash)
})

import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readingSettings, selectSql } from '../../src/observe/reading.ts'
import { nginx } from '../../src/observe/sources/nginx.ts'
import { takeInFile } from '../../src/server/take-in.ts'
import { linesOf, openLogFile, sampleFile } from '../../src/store/files.ts'
import { helloShapes } from '../../src/store/hellos.ts'
import { lockDirectory } from '../../src/store/lock.ts'
import { takeInLog } from '../../src/store/log-intake.ts'
import { openStore, type Store } from '../../src/store/store.ts'

const log = fileURLToPath(new URL('../../cases/source/nginx/combined.log', import.meta.url))
let dir: string
let store: Store
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-files-'))
  store = await openStore({ kind: 'directory', path: join(dir, 'store') })
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const take = (path: string) =>
  takeInFile(
    store,
    openLogFile(path, () => dir),
    { workDir: () => dir },
  )

test('the same content counts once, however it is packed and named', async () => {
  const odd = join(dir, 'odd {a,b}*[1].log')
  copyFileSync(log, odd)
  expect(await take(odd)).toMatchObject({ part: 'whole', observations: 12, source: 'nginx' })
  const packed = join(dir, 'access.log.1.gz')
  writeFileSync(packed, gzipSync(readFileSync(log)))
  expect(await take(packed)).toMatchObject({ part: 'known', observations: 12 })
})

test('rows made in bulk stand for a file while they are of as many lines, else its lines are read', async () => {
  for (const [name, missing] of [
    ['whole', 0],
    ['changed', 1],
  ] as const) {
    const path = join(dir, `${name}.log`)
    writeFileSync(path, readFileSync(log, 'utf8').replace(/^\S+/gm, `10.0.0.${missing}`))
    const file = openLogFile(path, () => dir)
    const { layout } = nginx.detect(await sampleFile(store.db, file))!
    const reading = nginx.read(layout)
    const asked = { sourceId: 'nginx', fileMs: file.writtenMs }
    let isRemoved = false
    const { batch, observations, skipped } = await takeInLog(
      store,
      file,
      {
        sourceId: 'nginx',
        format: reading.format,
        settings: readingSettings,
        select: from => selectSql(reading, { ...asked, from }),
        inBulk: async whole => ({
          lines: readFileSync(whole.path, 'utf8').trimEnd().split('\n').length - missing,
          select: selectSql(
            { ...reading, row: { ...reading.row, operation: "'bulk'" } },
            { ...asked, from: linesOf(file, reading.format) },
          ),
          settings: readingSettings,
          remove: () => {
            isRemoved = true
          },
        }),
      },
      { workDir: () => dir },
    )
    const [found] = await store.db.rows<{ bulk: number }>(
      "SELECT countIf(operation = 'bulk') AS bulk FROM observations WHERE batch = {batch:String}",
      { batch },
    )
    expect(observations + skipped).toBe(12)
    expect(Number(found!.bulk)).toBe(missing === 0 ? observations : 0)
    expect(isRemoved).toBe(true)
  }
})

test('lists of hellos in the lines become shapes of the store', async () => {
  const hello = fileURLToPath(new URL('../../cases/source/haproxy/hello.json', import.meta.url))
  const { batch, observations } = await take(hello)
  expect(observations).toBeGreaterThan(0)
  const found = await store.db.rows<{ shape: string; below: number }>(
    'SELECT shape, countIf(offered_max < negotiated) AS below FROM observations WHERE batch = {batch:String} GROUP BY shape',
    { batch },
  )
  const known = new Set((await helloShapes(store.db)).map(({ id }) => id))
  for (const { shape, below } of found) {
    expect(known).toContain(shape)
    expect(Number(below)).toBe(0)
  }
})

const programs: [string, string[]][] = [
  ['zstd', ['-q', '-c']],
  ['xz', ['-c']],
  ['bzip2', ['-c']],
]
for (const [program, args] of programs) {
  const isThere = spawnSync(program, ['--version']).error === undefined
  test.skipIf(!isThere)(
    `known by its first bytes: ${program}${isThere ? '' : ` (skipped: no ${program})`}`,
    async () => {
      const path = join(dir, `packed-by-${program}`)
      writeFileSync(path, execFileSync(program, [...args, log]))
      expect(await take(path)).toMatchObject({ part: 'known', observations: 12 })
    },
  )
}

test('a file that is not there, or of no kind, is told by name', async () => {
  expect(() => openLogFile(join(dir, 'nowhere.log'), () => dir)).toThrow(/cannot read .*nowhere\.log/)
  const path = join(dir, 'shopping.txt')
  writeFileSync(path, 'milk\nbread\n')
  await expect(take(path)).rejects.toMatchObject({ kind: 'input', code: 'log-unknown' })
})

test('a lock left by a process that is gone is taken over', () => {
  const locked = join(dir, 'locked')
  lockDirectory(locked)()
  writeFileSync(join(locked, 'lock'), '4194399 1\n')
  const release = lockDirectory(locked)
  expect(() => lockDirectory(locked)).toThrow(new RegExp(`in use by process ${process.pid}`))
  release()
  lockDirectory(locked)()
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { takeInAny } from '../../src/server/take-in-any.ts'
import { openStore } from '../../src/store/store.ts'

const dir = mkdtempSync(join(tmpdir(), 'tlsunset-full-'))
const room = mkdtempSync(join(tmpdir(), 'tlsunset-room-'))
const isSmall =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', room]).status === 0
afterAll(() => {
  if (isSmall) spawnSync('umount', [room])
  for (const each of [room, dir]) rmSync(each, { recursive: true, force: true })
})

const lines = Array.from(
  { length: 30_000 },
  (_, index) =>
    `192.0.2.1 - u [22/Nov/2026:17:28:05 +0000] "GET /${index} HTTP/1.1" 200 3 "-" "c${Math.sin(index)}" TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 "a.example.com"\n`,
)

test.skipIf(!isSmall)(
  `a full disk: told as such, nothing counted by halves, and the next try is exact${isSmall ? '' : ' (skipped: no small disk can be mounted here)'}`,
  async () => {
    const path = join(dir, 'large.log')
    writeFileSync(path, lines.join(''))
    const store = await openStore({ kind: 'directory', path: join(room, 'store') })
    const take = () =>
      takeInAny(store, { path, name: path, capture: false }, { workDir: () => dir, now: Date.now })
    try {
      await expect(take()).rejects.toMatchObject({ kind: 'environment', code: 'store-refuses' })
      expect(spawnSync('mount', ['-o', 'remount,size=80m', room]).status).toBe(0)
      expect(await take()).toMatchObject({ observations: lines.length, skipped: 0 })
      const [counted] = await store.db.rows<{ all_: number }>('SELECT sum(connections) AS all_ FROM usage')
      expect(Number(counted!.all_)).toBe(lines.length)
    } finally {
      await store.close()
    }
  },
)

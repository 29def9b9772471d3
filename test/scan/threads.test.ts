import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { scanTree } from '../../src/scan/scan.ts'

// What is built scans with a second thread, joined modules and tables made at build; what a test imports has none of these. Both must say the same.

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tlsunset-threads-'))
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

const pinned = [
  ['cs', 'ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;\n'],
  ['py', 'context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n'],
  ['conf', 'ssl_protocols TLSv1 TLSv1.2;\n'],
  ['txt', 'TLSv1\n'],
] as const

/** One file in nine holds something. */
function put(folder: string, count: number) {
  mkdirSync(join(root, folder), { recursive: true })
  for (let k = 0; k < count; k++) {
    const [ending, text] = pinned[(k / 9) % pinned.length] ?? ['cs', 'class Nothing {}\n']
    writeFileSync(join(root, folder, `f${k}.${ending}`), text)
  }
}

const trees: Record<string, () => void> = {
  'wide, told to be large by its first folders': () => {
    for (let k = 0; k < 20; k++) put(`d${k}`, 60)
  },
  'deep, found to be large while it is read': () => {
    let folder = ''
    for (let k = 0; k < 100; k++) {
      folder = join(folder, 'd')
      put(folder, 12)
    }
  },
}

for (const [name, make] of Object.entries(trees))
  test(`a tree that is ${name}: two threads find what one finds`, async () => {
    make()
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, '..', '..', 'bin', 'tlsunset.js'), 'scan', root, '--json'],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    )
    expect(status, stderr).toBe(1)
    const built = JSON.parse(stdout) as {
      findings: Finding[]
      coverage: { files: number; parsed: number }
    }
    const one = await scanTree(root, { floor: 0x0303 })
    const places = (findings: readonly Finding[]) =>
      findings
        .filter(({ effect }) => effect === 'breaks' || effect === 'allows')
        .map(({ rule, place }) => `${place.path}:${place.line} ${rule}`)
        .sort()
    expect(places(built.findings)).toEqual(places(one.findings))
    expect(built.findings.length).toBeGreaterThan(90)
    expect(built.coverage).toMatchObject({ files: one.files, parsed: one.parsed })
  })

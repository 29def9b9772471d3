import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dayMs } from '../../src/base/time.ts'
import { workFolder } from '../../src/observe/work-folder.ts'

test('what a killed process left in the temporary folder is removed after a day, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tlsunset-test-'))
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    const dead = 2 ** 30 // above the largest number of a process
    const left = (name: string, ageDays: number) => {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'log'), '')
      const at = (Date.now() - ageDays * dayMs) / 1000
      utimesSync(join(folder, name), at, at)
    }
    left(`tlsunset-ingest-${dead}-abcdef`, 2)
    left(`tlsunset-ingest-${dead}-fresh0`, 0.5)
    left(`tlsunset-ingest-${process.pid}-abcdef`, 2)
    left('tlsunset-notes', 2)
    left(`others-ingest-${dead}-abcdef`, 2)
    const made = workFolder('ingest')
    expect(readdirSync(folder).map(name => join(folder, name))).not.toContain(
      join(folder, `tlsunset-ingest-${dead}-abcdef`),
    )
    expect(readdirSync(folder)).toHaveLength(5)
    expect(made.startsWith(join(folder, `tlsunset-ingest-${process.pid}-`))).toBe(true)
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(folder, { recursive: true, force: true })
  }
})

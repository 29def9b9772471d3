import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runMain } from './run-main.ts'

test.each([
  [['polcy'], "unknown command 'polcy'", 'did you mean policy?'],
  [['policy', 'explain'], "missing required argument 'file'", 'tlsunset policy explain --help'],
  [['report', '--nonsense'], "unknown option '--nonsense'", 'tlsunset report --help'],
])('tlsunset %j says what is wrong and what to type', async (argv, error, hint) => {
  const { exit, stdout, stderr } = await runMain(argv)
  expect(stderr).toBe(`tlsunset: error: ${error}\ntlsunset: hint: ${hint}\n`)
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
})

describe('files that cannot be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tlsunset-usage-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(
    join(folder, 'binary'),
    Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 251)),
  )
  writeFileSync(join(folder, 'empty'), '')
  mkdirSync(join(folder, 'folder'))

  test.each([
    ['report', 'missing', 3, 'no such file'],
    ['hello', 'missing', 3, 'no such file'],
    ['ingest', 'missing', 3, 'no such file'],
    ['policy check', 'missing', 3, 'no such file'],
    ['report', 'folder', 3, 'no files in there'],
    ['hello', 'folder', 3, 'it is a folder'],
    ['ingest', 'folder', 3, 'no files in there'],
    ['policy check', 'folder', 3, 'is a folder'],
    ['report', 'empty', 3, 'is empty'],
    ['hello', 'empty', 6, 'no hello'],
    ['ingest', 'empty', 3, 'is empty'],
    ['report', 'binary', 3, 'is not a log'],
    ['hello', 'binary', 3, 'wanted a capture file'],
    ['ingest', 'binary', 3, 'is not a log'],
  ])('%s %s: exit code %i, %s', async (command, name, exit, says) => {
    const store = command === 'ingest' ? ['--store', join(folder, 'store')] : []
    const said = await runMain([...command.split(' '), join(folder, name), ...store], { cwd: folder })
    expect(said.stderr).toContain(says)
    expect(said.stderr).not.toMatch(/ENOENT|EISDIR|bug/)
    expect(said.exit).toBe(exit)
  })
})

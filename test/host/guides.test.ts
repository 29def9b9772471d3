import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'

const guides = ['host-winhttp', 'host-dotnet-current', 'host-dotnet-old', 'host-fleet']
const exports = fileURLToPath(new URL('../../cases/host/exports', import.meta.url))

/** Spaces and line breaks do not count: guides break lines and leave columns out. */
const plain = (text: string) => text.replace(/\s+/g, ' ').trim()

test.each(guides)('every command of %s runs, and prints what the guide shows', async name => {
  const text = readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'tlsunset-guide-'))
  try {
    cpSync(exports, join(folder, 'exports'), { recursive: true })
    cpSync(join(exports, 'web'), join(folder, 'web'), { recursive: true })
    cpSync(join(exports, 'win7.reg'), join(folder, 'host.reg'))
    let printed = ''
    let shown = 0
    for (const [, kind, file, body] of text.matchAll(/```(sh|text|json) ?([\w.]*)\n([\s\S]*?)```/g)) {
      if (kind === 'json') writeFileSync(join(folder, file!), body!)
      if (kind === 'sh') {
        printed = ''
        for (const line of body!.trim().split('\n')) printed += await run(folder, line)
      }
      if (kind === 'text')
        for (const line of body!.trim().split('\n')) {
          expect(plain(printed)).toContain(plain(line))
          shown++
        }
    }
    expect(shown).toBeGreaterThan(2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Runs `tlsunset …`, perhaps with `> file`, in process; the answer may be good or bad, but not an error. */
async function run(folder: string, line: string): Promise<string> {
  const [command, target] = line.split(' > ') as [string, string | undefined]
  const words = (command.match(/"[^"]*"|\S+/g) ?? []).map(word => word.replaceAll('"', ''))
  expect(words.shift()).toBe('tlsunset')
  let out = ''
  const stdout = new PassThrough()
  stdout.on('data', chunk => {
    out += chunk
  })
  const code = await main(words, {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough().resume(),
    env: {},
    cwd: folder,
    now: () => Date.UTC(2026, 0, 2),
    signal: new AbortController().signal,
  })
  await new Promise(done => setImmediate(done))
  expect([0, 1, 6], line).toContain(code)
  if (target) writeFileSync(join(folder, target), out)
  return target ? '' : out
}

// ast-grep over the tree with the rules beside this file: its time, and its places held against those of the scan.
import { spawnSync } from 'node:child_process'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const config = fileURLToPath(new URL('sgconfig.yml', import.meta.url))

/** Files that ast-grep has a grammar for; PowerShell, VB, F#, XML, properties and other settings by line have none. */
const hasGrammar =
  /\.(?:cs|c|h|cc|cpp|cxx|hpp|java|kts?|scala|sc|go|py|m?js|cjs|jsx|m?ts|cts|tsx|rb|php|rs|swift|lua|exs?|sh|bash|ya?ml|json|tf|hcl)$/

/**
 * All findings of the scan in files that ast-grep has a grammar for are compared with all places of its rules. A place of ast-grep is an expression,
 * one of ours a line: they are the same when the line lies in the expression, and a line counts once.
 */
export function compareWithAstGrep(program, folder, doc, timed) {
  const args = ['scan', '-c', config, '--json=stream', '.']
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 29, cwd: folder })
  if (done.error) throw done.error
  const theirs = done.stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
    .map(({ file, range }) => ({
      file: resolve(folder, file),
      from: range.start.line + 1,
      to: range.end.line + 1,
    }))
  const ours = doc.findings
    .filter(({ effect, place }) => hasGrammar.test(place.path) && /breaks|allows/.test(effect))
    .map(({ place }) => ({ file: resolve(folder, place.path), line: place.line }))
  const same = (their, our) => their.file === our.file && their.from <= our.line && our.line <= their.to
  const places = (list, line) =>
    [...new Set(list.map(one => `${relative(folder, one.file)}:${line(one)}`))].sort()
  return {
    name: spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim(),
    time: timed(program, args),
    both: places(
      ours.filter(our => theirs.some(their => same(their, our))),
      ({ line }) => line,
    ).length,
    onlyPeer: places(
      theirs.filter(their => !ours.some(our => same(their, our))),
      ({ from }) => from,
    ),
    onlyOurs: places(
      ours.filter(our => !theirs.some(their => same(their, our))),
      ({ line }) => line,
    ),
  }
}

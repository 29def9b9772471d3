// ast-grep over the tree with the rules beside this file: its time, and its places held against those of the scan.
import { spawnSync } from 'node:child_process'
import { extname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const config = fileURLToPath(new URL('sgconfig.yml', import.meta.url))

/** Which of our recipes a rule file speaks for, by extension. */
const covered = {
  '.cs': 'dotnet-protocols',
  '.c': 'libcurl-sslversion',
  '.kt': 'okhttp-compatible-tls',
  '.py': 'python-ssl-version',
  '.go': 'go-tls-version',
}

/**
 * The scan runs all recipes in all formats; only its findings of the covered recipes are compared. A place of ast-grep is an expression, one of ours
 * a line: they are the same when the line lies in the expression, and a line counts once.
 */
export function compareWithAstGrep(program, folder, doc, timed) {
  const args = ['scan', '-c', config, '--json=stream', '.']
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 29, cwd: folder })
  if (done.error) throw done.error
  const theirs = done.stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
    .filter(({ file, ruleId }) => covered[extname(file)] === ruleId)
    .map(({ file, range }) => ({
      file: resolve(folder, file),
      from: range.start.line + 1,
      to: range.end.line + 1,
    }))
  const ours = doc.findings
    .filter(
      ({ rule, effect, place }) => covered[extname(place.path)] === rule && /breaks|allows/.test(effect),
    )
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

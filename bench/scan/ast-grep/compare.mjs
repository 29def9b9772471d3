// ast-grep over the tree with the rules beside this file: its time, and its places held against those of the scan.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const place = name => fileURLToPath(new URL(name, import.meta.url))

/** Files that ast-grep has a grammar for of its own. */
const ownGrammars =
  /\.(?:cs|c|h|cc|cpp|cxx|hpp|java|kts?|scala|sc|go|py|m?js|cjs|jsx|m?ts|cts|tsx|rb|php|rs|swift|lua|exs?|sh|bash|ya?ml|json|tf|hcl)$/

/** Grammars that are built apart (see README.md), with the endings of files that the scan reads as such. */
const moreGrammars = {
  powershell: ['ps1', 'psm1', 'psd1'],
  properties: ['properties'],
  xml: ['xml', 'config', 'csproj', 'vbproj', 'props', 'targets', 'nuspec', 'pom', 'xsd', 'wsdl'],
}

/** What ast-grep is told: its own grammars and rules, and those in the folder of grammars, when there is one. */
function configOf(grammars, scratch) {
  if (!grammars) return [place('sgconfig.yml')]
  const languages = Object.entries(moreGrammars).map(([language, extensions]) => {
    const libraryPath = resolve(grammars, `${language}.so`)
    if (!existsSync(libraryPath)) throw new Error(`no ${libraryPath}: see bench/scan/ast-grep/README.md`)
    return [language, { libraryPath, extensions, expandoChar: '_' }]
  })
  const file = join(scratch, 'sgconfig.yml')
  const config = {
    ruleDirs: [place('rules'), place('rules-of-grammars')],
    customLanguages: Object.fromEntries(languages),
  }
  writeFileSync(file, JSON.stringify(config))
  return [file, '--custom-languages', 'allow']
}

/**
 * All findings of the scan are compared with all places of its rules; without grammars built apart, those in files that ast-grep has one for. A place of ast-grep is an expression,
 * one of ours a line: they are the same when the line lies in the expression, and a line counts once.
 */
export function compareWithAstGrep({ program, grammars, folder, doc, timed, scratch }) {
  const args = ['scan', '-c', ...configOf(grammars, scratch), '--json=stream', '.']
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
    .filter(({ effect, place }) => (grammars || ownGrammars.test(place.path)) && /breaks|allows/.test(effect))
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

// ast-grep with the rules beside this file: what it reads, how it is told the rules, and the places that it reports.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const place = name => fileURLToPath(new URL(name, import.meta.url))

/** Files that ast-grep has a grammar for of its own. */
const ownGrammars =
  /\.(?:cs|c|h|cc|cpp|cxx|hpp|hh|cu|java|kts?|scala|sc|sbt|go|pyi?|[cm]?js|jsx|[cm]?ts|tsx|rb|gemspec|php|rs|swift|lua|dart|exs?|sh|bash|bats|ksh|zsh|env|ya?ml|json|tf|tfvars|hcl|nomad|nix)$/

/** Grammars that are built apart (see README.md), with the endings of files that the scan reads as such. */
const moreGrammars = {
  powershell: ['ps1', 'psm1', 'psd1'],
  properties: ['properties'],
  xml: ['xml', 'config', 'csproj', 'vbproj', 'props', 'targets', 'nuspec', 'pom', 'wsdl', 'plist'],
}

/** Whether ast-grep reads a file of this path, with the grammars built apart or without. */
export function isRead(path, grammars) {
  const extension = path.slice(path.lastIndexOf('.') + 1)
  return (
    ownGrammars.test(path) ||
    (grammars !== undefined && Object.values(moreGrammars).some(extensions => extensions.includes(extension)))
  )
}

/** Arguments with which ast-grep looks for what the rules say: its own grammars, and those in the folder of grammars, when there is one. */
export function scanArgs(grammars, scratch) {
  return ['scan', '-c', ...configOf(grammars, scratch), '--json=stream']
}

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

/** Places of the rules in a folder: the file, the rule, and the first and the last line of each. */
export function placesIn(program, args, folder) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 29, cwd: folder })
  if (done.error) throw done.error
  if (done.status !== 0 && done.stdout === '') throw new Error(done.stderr)
  return done.stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
    .map(({ file, ruleId, range }) => ({
      file: resolve(folder, file),
      rule: ruleId,
      from: range.start.line + 1,
      to: range.end.line + 1,
    }))
}

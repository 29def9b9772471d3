// How far the rules for ast-grep find what the scan's own labelled cases hold, by format:
//   node bench/scan/ast-grep/cases.mjs PATH [--grammars DIR] [--list]
// Only files that ast-grep reads count. A label is found when a place of a rule covers its line, or one that it accepts instead. A place is false when it covers
// a line that must not be found and none that must: a text of many lines is one place. --list names every miss and every false place.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isRead, placesIn, scanArgs } from './peer.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { grammars: { type: 'string' }, list: { type: 'boolean', default: false } },
})
if (positionals.length !== 1) {
  process.stderr.write('tlsunset: error: which ast-grep?\n')
  process.stderr.write('tlsunset: hint: node bench/scan/ast-grep/cases.mjs PATH [--grammars DIR] [--list]\n')
  process.exit(2)
}
const cases = fileURLToPath(new URL('../../../cases/recipe', import.meta.url))
const folder = join(cases, 'files')
const scratch = mkdtempSync(join(tmpdir(), 'tlsunset-bench-cases-'))
const places = placesIn(
  resolve(positionals[0]),
  [...scanArgs(values.grammars, scratch), '--no-ignore', 'hidden', '--no-ignore', 'vcs', '.'],
  folder,
)
rmSync(scratch, { recursive: true, force: true })

const { labels } = JSON.parse(readFileSync(join(cases, 'labels.json'), 'utf8'))
const rows = new Map()
const wrong = []
for (const { path, line, expect, accept = [] } of labels) {
  if (!isRead(path, values.grammars)) continue
  const rulesAt = at =>
    places.filter(({ file, from, to }) => file === join(folder, path) && from <= at && at <= to)
  const row = rows.get(extname(path)) ?? { flags: 0, hits: 0, others: 0, falses: 0 }
  rows.set(extname(path), row)
  if (expect === 'flag') {
    row.flags++
    if ([line, ...accept].some(at => rulesAt(at).length > 0)) row.hits++
    else wrong.push(`missed ${path}:${line}`)
  } else if (expect === 'no-flag') {
    row.others++
    const found = rulesAt(line).find(({ from, to }) => !isFlagged(path, from, to))
    if (!found) continue
    row.falses++
    wrong.push(`false  ${path}:${line} (${found.rule})`)
  }
}

function isFlagged(path, from, to) {
  return labels.some(
    label =>
      label.expect === 'flag' &&
      label.path === path &&
      [label.line, ...(label.accept ?? [])].some(at => from <= at && at <= to),
  )
}

const print = (...columns) =>
  process.stdout.write(
    `${columns[0].padEnd(12)} ${columns
      .slice(1)
      .map(column => String(column).padStart(12))
      .join(' ')}\n`,
  )
const all = { flags: 0, hits: 0, others: 0, falses: 0 }
print('format', 'found', 'of', 'share', 'false', 'of')
const printRow = (name, { flags, hits, others, falses }) =>
  print(name, hits, flags, flags === 0 ? '-' : `${((100 * hits) / flags).toFixed(1)} %`, falses, others)
for (const [name, row] of [...rows].sort(([a], [b]) => a.localeCompare(b))) {
  printRow(name, row)
  for (const key of Object.keys(all)) all[key] += row[key]
}
printRow('all', all)
if (values.list) for (const line of wrong) process.stdout.write(`${line}\n`)

// Recall and precision of the scan per language over labelled files: npm run bench -- scan-cases [FOLDER] [--list]
// FOLDER holds files/ and labels.json (default: cases/recipe). A label names a file, a line, a language and what is expected of the line: flag (a
// finding, here or on one of the lines in `accept`), no-flag (none), info (either is fine). --list names every miss and every false finding.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = process.argv.slice(2).find(word => !word.startsWith('-')) ?? join(root, 'cases', 'recipe')
const list = process.argv.includes('--list')
if (!existsSync(join(folder, 'labels.json'))) {
  process.stderr.write(`tlsunset: error: no labels in ${folder}\n`)
  process.stderr.write('tlsunset: hint: npm run bench -- scan-cases cases/recipe\n')
  process.exit(2)
}
const { scanText } = await import(join(root, 'dist', 'scan', 'scan-text.js'))
const { decode } = await import(join(root, 'dist', 'scan', 'decode.js'))
const { labels } = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8'))

/** Lines of a file with a finding that counts. */
function linesOf(path) {
  const { text } = decode(readFileSync(join(folder, 'files', path)))
  const { findings } = scanText(path, text, { floor: 0x0303 })
  return new Set(
    findings
      .filter(({ effect }) => effect === 'breaks' || effect === 'allows')
      .map(({ place }) => place.line),
  )
}

const found = new Map()
const rows = new Map()
const wrong = []
for (const label of labels) {
  if (!found.has(label.path)) found.set(label.path, linesOf(label.path))
  const lines = found.get(label.path)
  const language = label.lang ?? label.path.split('/')[0]
  const row = rows.get(language) ?? { flags: 0, hits: 0, others: 0, falses: 0 }
  rows.set(language, row)
  if (label.expect === 'flag') {
    row.flags++
    if ([label.line, ...(label.accept ?? [])].some(line => lines.has(line))) row.hits++
    else wrong.push(`missed ${label.path}:${label.line}`)
  } else if (label.expect === 'no-flag') {
    row.others++
    if (lines.has(label.line)) {
      row.falses++
      wrong.push(`false  ${label.path}:${label.line}`)
    }
  }
}

const share = (part, whole) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`)
const print = (name, { flags, hits, others, falses }) =>
  process.stdout.write(
    `${name.padEnd(18)} ${share(hits, flags).padStart(8)} ${`${hits}/${flags}`.padStart(10)} ${share(hits, hits + falses).padStart(10)} ${`${falses}/${others}`.padStart(11)}\n`,
  )
process.stdout.write(
  `${'language'.padEnd(18)} ${'recall'.padStart(8)} ${'found'.padStart(10)} ${'precision'.padStart(10)} ${'false'.padStart(11)}\n`,
)
const all = { flags: 0, hits: 0, others: 0, falses: 0 }
for (const [name, row] of [...rows].sort(([a], [b]) => a.localeCompare(b))) {
  print(name, row)
  for (const key of Object.keys(all)) all[key] += row[key]
}
print('all', all)
if (list) for (const line of wrong) process.stdout.write(`${line}\n`)

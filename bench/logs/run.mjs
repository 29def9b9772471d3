// How fast logs are read: `npm run bench -- logs [--gb 5] [--dir DIR]`. One nginx log of a day with 10,000 accounts, and one of the same kind with
// 2 % of broken lines and with hostile user agents (make.mjs); each is counted by host and version with mawk, judged with `report`, and taken
// into a new store with `ingest`. The counts of both are compared with what was written into the logs, for every account.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openStore } from '../../dist/store/store.js'
import { makeLog } from './make.mjs'

const { values: asked } = parseArgs({
  options: { gb: { type: 'string', default: '5' }, dir: { type: 'string' } },
})
const program = fileURLToPath(new URL('../../bin/tlsunset.js', import.meta.url))
const names = {
  'SSL 3.0': 'SSLv3',
  'TLS 1.0': 'TLSv1',
  'TLS 1.1': 'TLSv1.1',
  'TLS 1.2': 'TLSv1.2',
  'TLS 1.3': 'TLSv1.3',
  none: '-',
}
// The seventh part between quotation marks starts with the version, the eighth is the host.
const mawkProgram = '{ split($7, a, " "); n[$8 " " a[1]]++ } END { for (k in n) print n[k], k }'

if (asked.dir !== undefined) mkdirSync(asked.dir, { recursive: true })
const folder = mkdtempSync(join(asked.dir ?? tmpdir(), 'tlsunset-bench-'))
let isExact = true
try {
  for (const hostile of [false, true]) await measure(hostile)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = isExact ? 0 : 1

async function measure(hostile) {
  const path = join(folder, 'access.log')
  const started = performance.now()
  const log = makeLog(path, { sizeBytes: Number(asked.gb) * 1e9, hostile })
  const gigabytes = (log.sizeBytes / 1e9).toFixed(2)
  console.log(
    `${hostile ? 'hostile' : 'plain'} log: ${gigabytes} GB, ${log.lines.toLocaleString('en')} lines, of which broken ${log.skipped.toLocaleString('en')}; written in ${seconds(performance.now() - started)}`,
  )
  console.log(`  ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}`)
  const mawk = await run('mawk', ['-F"', mawkProgram, path])
  tell('mawk, counts by host and version', mawk, log)
  const report = await run(process.execPath, [program, 'report', path, '--json'])
  tell(
    'report, verdicts by account',
    report,
    log,
    `${(mawk.ms / report.ms).toFixed(2)} times as fast as mawk`,
  )
  judge('report', reportProblems(JSON.parse(report.stdout), log))
  const store = join(folder, 'store')
  const ingest = await run(process.execPath, [program, 'ingest', path, '--store', store, '--json'])
  tell(
    'ingest, raw rows and roll-up',
    ingest,
    log,
    `${Math.round((log.lines / ingest.ms) * 1000).toLocaleString('en')} rows/s`,
  )
  judge('ingest', await storeProblems(store, JSON.parse(ingest.stdout), log))
  rmSync(store, { recursive: true, force: true })
  rmSync(path)
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const parts = []
    child.stdout.on('data', part => parts.push(part))
    child.once('error', reject)
    child.once('close', () =>
      resolve({ ms: performance.now() - started, stdout: Buffer.concat(parts).toString('utf8') }),
    )
  })
}

function tell(what, { ms }, log, more) {
  const speed = `${Math.round(log.sizeBytes / 1e3 / ms).toLocaleString('en')} MB/s`
  console.log(`  ${what}: ${seconds(ms)}, ${speed}${more ? `, ${more}` : ''}`)
}

function judge(what, problems) {
  if (problems.length > 0) isExact = false
  console.log(
    problems.length === 0
      ? `    ${what}: every count is exact`
      : `    ${what}: WRONG, ${problems.slice(0, 5).join('; ')}`,
  )
}

function reportProblems(document, log) {
  const problems = versionProblems(document.by_version, log)
  const skipped = Object.values(document.skipped).reduce((sum, count) => sum + count, 0)
  if (skipped !== log.skipped) problems.push(`${skipped} skipped, not ${log.skipped}`)
  const found = new Map(document.accounts.map(account => [account.account, account.connections]))
  return [...problems, ...accountProblems(found, log)]
}

async function storeProblems(path, document, log) {
  const { observations, skipped } = document.files[0]
  const problems = []
  if (observations !== log.lines - log.skipped)
    problems.push(`${observations} observations, not ${log.lines - log.skipped}`)
  if (skipped !== log.skipped) problems.push(`${skipped} skipped, not ${log.skipped}`)
  const store = await openStore({ kind: 'directory', path })
  try {
    // Both tables, each by itself; the name asked for is the account of this log.
    for (const [table, count] of [
      ['observations', 'count()'],
      ['usage', 'sum(connections)'],
    ]) {
      const versions = await store.db.rows(
        `SELECT negotiated, ${count} AS n FROM ${table} GROUP BY negotiated`,
      )
      const byNumber = { 0: '-', 768: 'SSLv3', 769: 'TLSv1', 770: 'TLSv1.1', 771: 'TLSv1.2', 772: 'TLSv1.3' }
      for (const { negotiated, n } of versions)
        if (Number(n) !== log.byVersion[byNumber[negotiated]])
          problems.push(`${table}: ${byNumber[negotiated]} ${n} times`)
    }
    const hosts = await store.db.rows('SELECT sni, count() AS n FROM observations GROUP BY sni')
    problems.push(...accountProblems(new Map(hosts.map(({ sni, n }) => [sni, Number(n)])), log))
  } finally {
    await store.close()
  }
  return problems
}

function versionProblems(found, log) {
  const problems = []
  for (const version of new Set([
    ...Object.keys(found).map(name => names[name]),
    ...Object.keys(log.byVersion),
  ])) {
    const name = Object.keys(names).find(key => names[key] === version)
    const [is, wanted] = [found[name] ?? 0, log.byVersion[version] ?? 0]
    if (is !== wanted) problems.push(`${version} ${is} times, not ${wanted}`)
  }
  return problems
}

function accountProblems(found, log) {
  const problems = []
  for (const [host, versions] of Object.entries(log.byAccount)) {
    const wanted = Object.values(versions).reduce((sum, count) => sum + count, 0)
    const is = found.get(host === '-' ? '' : host) ?? 0
    if (is !== wanted) problems.push(`${host} ${is} times, not ${wanted}`)
  }
  if (found.size !== Object.keys(log.byAccount).length)
    problems.push(`${found.size} accounts, not ${Object.keys(log.byAccount).length}`)
  return problems
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}

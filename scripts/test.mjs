// Types, lint and tests in one go; says what was skipped and why, and closes with one plain line.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tool = name => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
const failed = []

/** Runs a tool. What it says is shown as it comes, or, where it runs beside the tests, once they are done. */
const step = (title, command, args, stdout = 'inherit') =>
  new Promise(done => {
    let said = ''
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', stdout, stdout === 'pipe' ? 'pipe' : 'inherit'],
      shell: process.platform === 'win32',
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', chunk => {
        said += chunk
      })
    child.on('error', error => {
      said += error.message
      failed.push(title)
      done(said)
    })
    child.on('close', code => {
      if (code !== 0 && !failed.includes(title)) failed.push(title)
      done(said)
    })
  })

const only = process.argv.slice(2)
const beside =
  only.length > 0
    ? []
    : [
        ['types', step('types', tool('tsc'), ['-p', 'tsconfig.json'], 'pipe')],
        ['lint', step('lint', tool('biome'), ['check', '.'], 'pipe')],
      ]

const scratch = mkdtempSync(join(tmpdir(), 'tlsunset-test-'))
const resultFile = join(scratch, 'result.json')
await step('tests', tool('vitest'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultFile}`,
  ...only,
])
for (const [title, said] of beside) process.stdout.write(`\n# ${title}\n${await said}`)

let result
try {
  result = JSON.parse(readFileSync(resultFile, 'utf8'))
} catch {
  result = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, testResults: [] }
}
rmSync(scratch, { recursive: true, force: true })

const skipped = result.testResults.flatMap(file =>
  file.assertionResults.filter(test => test.status === 'pending' || test.status === 'skipped'),
)
if (skipped.length > 0) {
  process.stdout.write('\n# skipped\n')
  for (const test of skipped) process.stdout.write(`- ${test.fullName}\n`)
}
const crashed = result.testResults.filter(
  file => file.status === 'failed' && file.assertionResults.length === 0,
).length
const others = failed.filter(title => title !== 'tests')
for (const title of others) process.stdout.write(`\n${title} failed\n`)
const failures = result.numFailedTests + crashed + others.length
process.stdout.write(`\n${result.numPassedTests} passed, ${failures} failed, ${skipped.length} skipped\n`)
process.exitCode = failures > 0 || failed.length > 0 ? 1 : 0

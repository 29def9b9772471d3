// Types, lint and tests in one go; says what was skipped and why, and closes with one plain line.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tool = name => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
const step = (title, command, args) => {
  process.stdout.write(`\n# ${title}\n`)
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 1, 2],
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) failed.push(title)
}

const failed = []
const only = process.argv.slice(2)
if (only.length === 0) {
  step('types', tool('tsc'), ['-p', 'tsconfig.json'])
  step('lint', tool('biome'), ['check', '.'])
}

const scratch = mkdtempSync(join(tmpdir(), 'tlsunset-test-'))
const resultFile = join(scratch, 'result.json')
step('tests', tool('vitest'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultFile}`,
  ...only,
])

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

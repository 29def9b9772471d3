import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { watchPolicyFile } from '../../src/enforce/gateway/policy-file.ts'
import type { Policy } from '../../src/model/policy.ts'
import { atEnd, past, retirementText, scratch } from './setup.ts'

const later = retirementText(443)
const sooner = retirementText(443, { cutoff: past })

function watched(path: string) {
  const policies: Policy[] = []
  const problems: string[] = []
  const file = watchPolicyFile(path, {
    onPolicy: policy => policies.push(policy),
    onProblem: problem => problems.push(problem),
  })
  atEnd(() => file.stop())
  return { file, policies, problems }
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 10 })

test('a file that is written, replaced, or moved away and back takes effect once', async () => {
  const dir = scratch()
  const path = join(dir, 'retirement.yaml')
  writeFileSync(path, later)
  const { file, policies, problems } = watched(path)

  writeFileSync(path, sooner)
  await until(() => expect(policies).toHaveLength(1))
  writeFileSync(`${path}.new`, later)
  renameSync(`${path}.new`, path)
  await until(() => expect(policies).toHaveLength(2))
  // As editors do: the old file becomes a backup, the new one is written in its place.
  renameSync(path, `${path}~`)
  writeFileSync(path, sooner)
  await until(() => expect(policies).toHaveLength(3))
  expect(file.policy.cutoffMs).toBe(Date.parse(past))
  expect(problems).toEqual([])
})

test('an invalid file never comes into force, says where it is wrong, and mends itself when mended', async () => {
  const path = join(scratch(), 'retirement.yaml')
  writeFileSync(path, later)
  const { file, policies, problems } = watched(path)
  const before = file.policy

  writeFileSync(path, later.replace('cutoff: ', 'cutoff: soon '))
  await until(() => expect(problems).toHaveLength(1))
  expect(problems[0]).toMatch(/retirement\.yaml:5:9: cutoff: .*soon/)
  expect(file.problem).toBe(problems[0])
  writeFileSync(path, '')
  await until(() => expect(problems).toHaveLength(2))
  unlinkSync(path)
  await until(() => expect(problems).toHaveLength(3))
  expect(problems[2]).toMatch(/cannot read .*: no such file/)
  expect(file.policy).toBe(before)
  expect(policies).toEqual([])

  writeFileSync(path, later)
  await until(() => expect(policies).toHaveLength(1))
  expect(file.problem).toBe(null)
})

test('a directory behind a symbolic link is swapped as a whole, as Kubernetes does', async () => {
  const dir = scratch()
  const version = (name: string, text: string) => {
    mkdirSync(join(dir, name))
    writeFileSync(join(dir, name, 'retirement.yaml'), text)
    symlinkSync(name, join(dir, '..data.new'))
    renameSync(join(dir, '..data.new'), join(dir, '..data'))
  }
  version('..1', later)
  symlinkSync('..data/retirement.yaml', join(dir, 'retirement.yaml'))
  const { policies } = watched(join(dir, 'retirement.yaml'))
  version('..2', sooner)
  rmSync(join(dir, '..1'), { recursive: true })
  await until(() => expect(policies.at(-1)?.cutoffMs).toBe(Date.parse(past)))
})

test('a file that is invalid or missing at the start is a fault', () => {
  const path = join(scratch(), 'retirement.yaml')
  const start = () => watchPolicyFile(path, { onPolicy() {}, onProblem() {} })
  expect(start).toThrow(expect.objectContaining({ kind: 'usage' }))
  writeFileSync(path, 'retirement: 7')
  expect(start).toThrow(expect.objectContaining({ kind: 'usage', message: expect.stringMatching(/:1:\d+:/) }))
})

import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { remedies, remedyFor, remedySections } from '../../src/identify/remedies/remedies.ts'
import { stacks } from '../../src/identify/stacks/stacks.ts'

const known = remedies()

test('every remedy is complete: named like its file, all sections, sources with their month', () => {
  const files = readdirSync(new URL('../../src/identify/remedies', import.meta.url)).filter(name =>
    name.endsWith('.md'),
  )
  expect([...known.keys()].sort()).toEqual(files.map(name => name.replace(/\.md$/, '')).sort())
  expect(known.size).toBeGreaterThanOrEqual(40)
  for (const remedy of known.values()) {
    expect(remedy.title, remedy.id).not.toBe('')
    expect(
      remedy.sections.map(section => section.title),
      remedy.id,
    ).toEqual([...remedySections])
    for (const section of remedy.sections) expect(section.text, `${remedy.id}: ${section.title}`).not.toBe('')
    expect(remedy.sources.length, remedy.id).toBeGreaterThan(0)
    for (const source of remedy.sources) expect(source, remedy.id).toMatch(/\(\d{4}-\d\d\)$/)
  }
})

test('stacks and remedies name each other', () => {
  const covered = new Set<string>()
  for (const stack of stacks.values())
    for (const id of [stack.remedy, stack.pinned]) {
      if (id === null) continue
      expect(known.has(id), `${stack.id} names ${id}`).toBe(true)
      expect(known.get(id)!.stacks, `${id} is for ${stack.id}`).toContain(stack.id)
      covered.add(stack.id)
    }
  for (const remedy of known.values())
    for (const id of remedy.stacks) expect(stacks.has(id), `${remedy.id} names ${id}`).toBe(true)
  expect(covered.size).toBe(stacks.size)
})

test('an old version is mended by stack, anything else by clause', () => {
  const java = { id: 'java-7', title: 'Java 7', strength: 'proves', also: [], remedy: 'java-7' } as const
  const guess = { ...java, also: [] }
  expect(remedyFor('version', guess)).toBe('java-7')
  expect(remedyFor('suite', guess)).toBe('suites-outdated')
  expect(remedyFor('sni', { ...guess, remedy: null })).toBe('no-sni')
  expect(remedyFor('version', { ...guess, remedy: null })).toBe('unknown-client')
  expect(remedyFor(null, guess)).toBeNull()
})

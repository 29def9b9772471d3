import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { documents } from './json-documents.ts'
import { runMain } from './run-main.ts'

const cases = fileURLToPath(new URL('../../cases/', import.meta.url))
const page = fileURLToPath(new URL('../../docs/reference/json.md', import.meta.url))
const store = mkdtempSync(join(tmpdir(), 'tlsunset-json-'))
const run = (...argv: string[]) => runMain(argv, { cwd: cases, nowMs: Date.UTC(2026, 10, 25) })

beforeAll(async () => {
  expect((await run('ingest', '--store', store, 'report/access.log')).exit).toBe(0)
})
afterAll(() => rmSync(store, { recursive: true, force: true }))

const retirement = ['-c', 'report/retirement.yaml']
test.each([
  ['report', ['--by', 'stack', '--explain', '--store', store]],
  ['account', ['acme', 'report/access.log']],
  ['what-if', ['--diff', '--floor', 'TLS 1.2', '--floor', 'TLS 1.3', 'report/access.log']],
  ['forecast', ['--record', ...retirement, '--store', store]],
  ['audit', ['--account', 'acme', '--store', store]],
  ['scan', ['--inherits', 'recipe/files/csharp']],
] as const)('%s prints the fields of its reference page and no others', async (name, argv) => {
  const { stdout } = await run(name, '--json', ...argv)
  const { schema } = documents[name]
  const found = name === 'audit' ? stdout.trimEnd().split('\n') : [stdout]
  for (const document of found) expect(schema.safeParse(JSON.parse(document)).error?.issues ?? []).toEqual([])
})

test('the reference page of JSON documents is what their schemas say (UPDATE=1 rewrites it)', () => {
  const wanted = referencePage()
  if (process.env.UPDATE) writeFileSync(page, wanted)
  expect(readFileSync(page, 'utf8')).toBe(wanted)
})

interface Schema {
  type?: string
  description?: string
  format?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  additionalProperties?: Schema | boolean
}

function referencePage(): string {
  const sections = Object.entries(documents).flatMap(([name, { of, schema }]) => [
    `## ${name} --json`,
    '',
    `${of[0]!.toUpperCase()}${of.slice(1)}.`,
    '',
    '| field | type | meaning |',
    '| --- | --- | --- |',
    ...rowsOf(z.toJSONSchema(schema) as Schema, ''),
    '',
  ])
  return [
    '# JSON documents',
    '',
    'Written by `UPDATE=1 npm test` from the schemas in `test/cli/json-documents.ts`, to which a test holds the commands; do not edit by hand.',
    'Times are ISO 8601 in UTC, shares 0 to 1, versions as `TLS 1.2`. New fields may come; those that are here keep their meaning.',
    '',
    ...sections,
  ].join('\n')
}

function rowsOf(schema: Schema, at: string): string[] {
  const inner = schema.anyOf?.find(each => each.properties ?? each.items) ?? schema
  if (inner.properties)
    return Object.entries(inner.properties).flatMap(([name, field]) => {
      const place = at === '' ? name : `${at}.${name}`
      return [`| \`${place}\` | ${typeOf(field)} | ${field.description ?? ''} |`, ...rowsOf(field, place)]
    })
  return inner.items ? rowsOf(inner.items, `${at}[]`) : []
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) {
    const known = schema.anyOf.filter(each => each.type !== 'null').map(typeOf)
    return [...new Set(known), ...(known.length < schema.anyOf.length ? ['null'] : [])].join(' or ')
  }
  if (schema.enum) return schema.enum.map(value => `\`${value}\``).join(', ')
  if (schema.format === 'date-time') return 'time'
  if (schema.format === 'date') return 'day'
  if (schema.type === 'array') return 'list'
  return schema.type ?? 'any'
}

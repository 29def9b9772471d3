import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { builtInJunk } from '../../src/model/junk/rules.ts'
import { checkedText } from '../../src/model/presets/checked.ts'
import { groupPresets, schemePresets } from '../../src/model/presets/groups.ts'
import { retirementPresets } from '../../src/model/presets/retirements.ts'
import { suitePresets } from '../../src/model/presets/suites.ts'
import { gatewayDefaults } from '../../src/model/retirement/gateway.ts'
import { type JsonSchema, retirementJsonSchema } from '../../src/model/retirement-schema.ts'

const page = fileURLToPath(new URL('../../docs/reference/retirement-file.md', import.meta.url))
const example = fileURLToPath(new URL('../../cases/retirement/design.yaml', import.meta.url))

test('docs/reference/retirement-file.md is what the schema says (UPDATE=1 rewrites it)', () => {
  const wanted = referencePage()
  if (process.env.UPDATE) {
    mkdirSync(dirname(page), { recursive: true })
    writeFileSync(page, wanted)
  }
  expect(existsSync(page)).toBe(true)
  expect(readFileSync(page, 'utf8')).toBe(wanted)
})

test('every key of the retirement file says what it means', () => {
  const silent = rowsOf(retirementJsonSchema(), '').filter(row => row.meaning === '')
  expect(silent.map(row => row.key)).toEqual([])
})

test('defaults that descriptions name are the defaults', () => {
  for (const { key, meaning } of rowsOf(retirementJsonSchema(), '')) {
    const limit = /^gateway\.limits\.(\w+)$/.exec(key)?.[1] as keyof typeof gatewayDefaults.limits | undefined
    if (limit) expect(meaning, key).toContain(`Absent: ${gatewayDefaults.limits[limit]}.`)
  }
})

interface Row {
  key: string
  type: string
  required: boolean
  meaning: string
  example: string
}

/** One row per key; of a key with several forms, those of all forms. `[]` stands for the entries of a list. */
function rowsOf(schema: JsonSchema, above: string): Row[] {
  const forms = schema.anyOf ?? [schema]
  const rows = forms.flatMap(form => {
    const entries = form.items ? rowsOf(form.items, `${above}[]`) : []
    const keys = Object.entries(form.properties ?? {}).flatMap(([name, part]) => {
      const key = above === '' ? name : `${above}.${name}`
      const row: Row = {
        key,
        type: typeOf(part),
        required: form.required?.includes(name) ?? false,
        meaning: part.description ?? '',
        example: part.examples?.[0] === undefined ? '' : yamlOf(part.examples[0]),
      }
      return [row, ...rowsOf(part, key)]
    })
    return [...keys, ...entries]
  })
  // A list of rules and a single rule have the same keys.
  return rows.filter(
    row => !(row.key.includes('[]') && rows.some(other => other.key === row.key.replace('[]', ''))),
  )
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (schema.enum) return schema.enum.join(' or ')
  if (schema.format === 'instant') return 'instant'
  if (Array.isArray(schema.type)) return (schema.type as string[]).map(type => typeOf({ type })).join(' or ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  return (
    {
      string: 'text',
      number: 'number',
      integer: 'whole number',
      boolean: 'true or false',
      object: 'section',
    }[schema.type ?? ''] ?? 'any'
  )
}

function yamlOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function referencePage(): string {
  const schema = retirementJsonSchema()
  const cell = (text: string) => text.replaceAll('|', '\\|')
  return [
    '# The retirement file',
    '',
    'Written by `UPDATE=1 npm test` from the schema in `src/model/retirement-schema.ts`; do not edit by hand. `tlsunset policy schema` prints it as JSON',
    'Schema, `tlsunset policy check` says what is wrong with a file, `tlsunset policy explain` what it does to whom.',
    '',
    '```yaml',
    readFileSync(example, 'utf8').trimEnd(),
    '```',
    '',
    '## How it is read',
    '- An **instant** is `2023-03-31T00:00:00Z`, the same with an offset, or a day, which means 00:00 UTC of that day. A time without a zone is refused.',
    '- A window includes its start and excludes its end.',
    '- Which floor holds for a client, the first that applies: the cutoff; `unknown`, for clients of no known account; the ramp; a brownout; else the floor of',
    '  today. An exemption that has not ended beats all of them.',
    '- A freeze holds back brownouts and ramp steps, not the cutoff. A ramp step that falls into a freeze acts when the freeze ends.',
    '- The place of an account in the ramp follows from its name and the name of the retirement: it is the same on every machine, and who is in stays in.',
    '- Where the file says `extends`, its own keys win over those of the preset; inside `service`, `floor` and `unknown` key by key.',
    '',
    '## Keys',
    '',
    '| key | type | meaning | example |',
    '| --- | --- | --- | --- |',
    ...rowsOf(schema, '').map(
      row =>
        `| \`${row.key}\`${row.required ? ' (required)' : ''} | ${row.type} | ${cell(row.meaning)} | ${row.example ? `\`${cell(row.example)}\`` : ''} |`,
    ),
    '',
    '`service.names`, `service.owner`, `floor.now` and `floor.next` are required unless a preset says them.',
    '',
    '## Built-in junk rules: `junk.keep`',
    '',
    '| name | what it sets apart | user agents |',
    '| --- | --- | --- |',
    ...builtInJunk.map(
      rule =>
        `| \`${rule.name}\` | ${rule.because} | ${rule.by === 'user-agent' ? rule.patterns.map(pattern => `\`${pattern}\``).join(', ') : 'any'} |`,
    ),
    '',
    '## Presets of retirements: `extends`',
    '',
    '| name | what ends | for whom | force | source | compared with it |',
    '| --- | --- | --- | --- | --- | --- |',
    ...retirementPresets.map(
      preset =>
        `| \`${preset.id}\` | ${preset.title} | ${preset.jurisdiction} | ${preset.force} | ${preset.source} | ${checkedText(preset)} |`,
    ),
    '',
    '## Presets of suites, groups and signature schemes',
    '',
    '| name | for | what it lets in | how many | source | compared with it |',
    '| --- | --- | --- | --- | --- | --- |',
    ...suitePresets().map(
      preset =>
        `| \`${preset.id}\` | \`suites\` | ${preset.title} | ${preset.older.length} for TLS 1.2 and older, ${preset.tls13.length} for TLS 1.3 | ${preset.source} | ${checkedText(preset)} |`,
    ),
    ...[
      ...groupPresets.map(preset => ['groups', preset] as const),
      ...schemePresets.map(preset => ['signatureSchemes', preset] as const),
    ].map(
      ([key, preset]) =>
        `| \`${preset.id}\` | \`${key}\` | ${preset.title} | ${preset.ids.length} | ${preset.source} | ${checkedText(preset)} |`,
    ),
    '',
  ].join('\n')
}

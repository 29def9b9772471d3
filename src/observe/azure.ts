import { startsJson } from './json-layout.ts'
import { readPlaces } from './places.ts'
import type { Detected, Layout, Reading, Sample, ValueName } from './source.ts'
import { type Sql, timeSql } from './sql.ts'

/** A category of Azure resource logs. Names of properties as in `properties`; the columns of Log Analytics are derived from them. */
export interface AzureKind {
  /** Values of `category`, or names of the table (`Type`) in exports from Log Analytics. */
  categories: readonly string[]
  properties: Partial<Record<ValueName, readonly string[]>>
  /** Paths from the top of a record, before those of the properties. */
  top?: Partial<Record<ValueName, readonly (readonly string[])[]>>
}

/**
 * Azure writes the same records as one JSON object per line (to storage), as `{"records": […]}` (to Event Hubs), as a list of these, and as
 * columns (Log Analytics, where a name may end in _s or _d). Recognised by category, since files may be one long line.
 */
export function detectAzure(sample: Sample, kind: AzureKind): Detected | null {
  if (!startsJson(sample.lines)) return null
  const text = sample.lines.join('\n')
  const names = kind.categories.join('|')
  if (!new RegExp(`"(category|Category|Type)"\\s*:\\s*"(${names})"`, 'i').test(text)) return null
  const first = sample.lines.find(line => line.trim() !== '') ?? ''
  const isLines = /^\s*[[{].*"(category|Category|Type)"\s*:/.test(first)
  const at: Layout['at'] = {
    time: {
      keys: [
        ['time'],
        ['timeStamp'],
        ['timestamp'],
        ['TimeGenerated'],
        ['TimeGenerated [UTC]'],
        ['eventTimestamp'],
        ['EventTimestamp'],
        ['properties', 'timestamp'],
      ],
    },
  }
  for (const [name, properties] of Object.entries(kind.properties)) {
    const above = kind.top?.[name as ValueName] ?? []
    at[name as ValueName] = { keys: [...above, ...properties.flatMap(spellings)] }
  }
  for (const [name, paths] of Object.entries(kind.top ?? {}))
    if (!(name in kind.properties)) at[name as ValueName] = { keys: paths }
  return { certainty: 'sure', layout: { form: isLines ? 'lines' : 'document', at, fileMs: sample.fileMs } }
}

/** `tlsVersion` as it may stand in a record or in a table. */
function spellings(name: string): string[][] {
  const pascal = name[0]!.toUpperCase() + name.slice(1)
  return [
    ['properties', name],
    [name],
    [`${name}_s`],
    ...(pascal === name ? [] : [['properties', pascal], [pascal], [`${pascal}_s`]]),
  ]
}

/** The records of a line, however they are wrapped. */
const azureRecords: Sql = `multiIf(startsWith(trimLeft(line), '['),
  arrayFlatten(arrayMap(each -> if(JSONHas(each, 'records'), JSONExtractArrayRaw(each, 'records'), [each]), JSONExtractArrayRaw(line))),
  JSONHas(line, 'records'), JSONExtractArrayRaw(line, 'records'), [line])`

/** A record whose properties are the text of an object, as shippers and exports have it, with the object in its place. */
function opened(record: Sql): Sql {
  const text = (name: string) => `trimLeft(JSONExtractString(${record}, '${name}'))`
  const object = `if(startsWith(${text('properties')}, '{'), ${text('properties')}, ${text('Properties')})`
  return `if(startsWith(${object}, '{'), concat('{"properties":', ${object}, ',', substring(trimLeft(${record}), 2)), ${record})`
}

export function readAzure(
  layout: Layout,
  more: {
    reject?: readonly Sql[]
    values?: Record<string, Sql>
    absent?: 'plain' | 'unsaid'
    row?: Record<string, Sql>
  } = {},
): Reading {
  return readPlaces(layout, {
    format: layout.form === 'lines' ? 'LineAsString' : 'JSONAsString',
    records: `arrayMap(each -> ${opened('each')}, ${azureRecords})`,
    time: azureTime,
    ...more,
  })
}

/** Exports for spreadsheets and the messaging services write the month first: `11/5/2026, 5:28:05.000 PM`. */
function azureTime(text: Sql): Sql {
  const monthFirst = `match(${text}, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}')`
  return `if(${monthFirst}, parseDateTime64BestEffortUSOrZero(if(${monthFirst}, ${text}, ''), 3, 'UTC'), ${timeSql.any(text)})`
}

import type { z } from 'zod'
import { meantHint, nearest } from '../../base/nearest.ts'
import { listText } from '../../base/text.ts'
import { type JsonSchema, retirementJsonSchema } from '../retirement-schema.ts'
import type { Notes, Path } from './notes.ts'

type Issue = z.core.$ZodIssue

interface Said {
  path: Path
  message: string
  hint?: string | undefined
  at?: 'key'
  isMissing?: true
  /** Where the value of a mistyped key was meant to stand. */
  meant?: Path | undefined
}

/** Turns what zod found into sentences at their places, with what was probably meant. A mistyped key is told once: what it was meant for is not missing. */
export function noteShape(issues: readonly Issue[], value: unknown, notes: Notes): void {
  const all = issues.flatMap(issue => say(issue, [], value))
  const meant = new Set(all.flatMap(each => (each.meant ? [JSON.stringify(each.meant)] : [])))
  for (const { path, message, hint, at, isMissing } of all)
    if (!isMissing || !meant.has(JSON.stringify(path))) notes.problem(path, message, hint, at)
}

/** The value without the keys that it should not have, so that what else is wrong with it shows at the same time. */
export function withoutUnknownKeys(issues: readonly Issue[], value: unknown): unknown {
  const copy = structuredClone(value)
  for (const issue of issues)
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys)
        delete (valueAt(copy, issue.path as (string | number)[]) as Record<string, unknown>)[key]
  return copy
}

function say(issue: Issue, above: Path, value: unknown): Said[] {
  const path = [...above, ...(issue.path as (string | number)[])]
  const given = valueAt(value, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(path, key))
    case 'invalid_union':
      return sayUnion(issue, path, value)
    case 'invalid_type':
      if (given === undefined) return [missing(path)]
      return [
        {
          path,
          message: `${name(path)} wants ${typeWord(issue.expected)}, not ${kindOf(given)}`,
          hint: issue.expected === 'string' ? quotedHint(given) : exampleOf(path),
        },
      ]
    case 'invalid_value': {
      if (given === undefined) return [missing(path)]
      const hint = meantHint(String(given), issue.values.map(String))
      return [{ path, message: `${name(path)} cannot be ${JSON.stringify(given)}`, hint }]
    }
    case 'too_small':
      if (issue.origin === 'array' || issue.origin === 'string')
        return [{ path, message: `${name(path)} is empty` }]
      return [{ path, message: `${name(path)} is at least ${issue.minimum}, not ${kindOf(given)}` }]
    case 'too_big':
      return [{ path, message: `${name(path)} is at most ${issue.maximum}, not ${kindOf(given)}` }]
    default:
      return [{ path, message: `${name(path)}: ${issue.message.replace(/^Invalid input: /, '')}` }]
  }
}

/** Of several forms, the one that the author began to write is explained. */
function sayUnion(issue: Issue & { code: 'invalid_union' }, path: Path, value: unknown): Said[] {
  const begun = issue.errors.filter(
    issues => !issues.some(one => one.code === 'invalid_type' && one.path.length === 0),
  )
  const closest = begun.sort((a, b) => a.length - b.length)[0]
  if (closest) return closest.flatMap(one => say(one, path, value))
  const given = valueAt(value, path)
  if (given === undefined) return [missing(path)]
  const wanted = issue.errors
    .flat()
    .flatMap(one => (one.code === 'invalid_type' ? [typeWord(one.expected)] : []))
  return [
    { path, message: `${name(path)} wants ${listText([...new Set(wanted)], 'or')}, not ${kindOf(given)}` },
  ]
}

function missing(path: Path): Said {
  return {
    path,
    message: `${name(path)} is missing`,
    hint: exampleOf(path) ?? schemaAt(path)?.description,
    isMissing: true,
  }
}

function unknownKey(path: Path, key: string): Said {
  const meant = nearest(key, keysAt(path))
  return {
    path: [...path, key],
    message: `${path.length === 0 ? 'the file' : name(path)} has no key ${key}`,
    hint: meantHint(key, keysAt(path)),
    at: 'key',
    meant: meant === undefined ? undefined : [...path, meant],
  }
}

let schema: JsonSchema | undefined

/** The part of the schema that describes `path`; for several forms, all their properties together. */
function schemaAt(path: Path): JsonSchema | undefined {
  schema ??= retirementJsonSchema()
  let found: JsonSchema | undefined = schema
  for (const part of path) found = step(found, part)
  return found
}

function step(from: JsonSchema | undefined, part: string | number): JsonSchema | undefined {
  if (from === undefined) return undefined
  const direct = typeof part === 'number' ? from.items : from.properties?.[part]
  return direct ?? from.anyOf?.map(form => step(form, part)).find(form => form !== undefined)
}

function keysAt(path: Path): string[] {
  const at = schemaAt(path)
  const forms = at?.anyOf ?? (at ? [at] : [])
  return forms.flatMap(form => Object.keys(form.properties ?? {}))
}

function exampleOf(path: Path): string | undefined {
  const example = schemaAt(path)?.examples?.[0]
  if (example === undefined || typeof path.at(-1) === 'number') return undefined
  return `for example ${path.at(-1)}: ${typeof example === 'string' ? example : flowOf(example)}`
}

/** As YAML is written in one line: `{ version: TLS 1.2 }`. */
function flowOf(example: unknown): string {
  if (Array.isArray(example)) return `[${example.map(flowOf).join(', ')}]`
  if (typeof example !== 'object' || example === null) return JSON.stringify(example)
  const pairs = Object.entries(example).map(([key, value]) => `${key}: ${flowOf(value)}`)
  return `{ ${pairs.join(', ')} }`
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value
  for (const part of path)
    found =
      typeof found === 'object' && found !== null
        ? (found as Record<string | number, unknown>)[part]
        : undefined
  return found
}

function name(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'the file'
  return typeof last === 'number' ? `entry ${last + 1} of ${path.at(-2)}` : last
}

function typeWord(expected: string): string {
  return typeWords[expected] ?? expected
}

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
}

/** Words that YAML reads as something else become text in quotes. */
function quotedHint(given: unknown): string | undefined {
  return typeof given === 'number' || typeof given === 'boolean'
    ? `in quotes it is text: "${given}"`
    : undefined
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a section with keys'
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`
  return String(value)
}

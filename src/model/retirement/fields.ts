import { hex16 } from '../../base/bytes.ts'
import { meantHint, nearest } from '../../base/nearest.ts'
import { listText } from '../../base/text.ts'
import { groupByName, groups } from '../iana/groups.ts'
import { schemeByName, schemes } from '../iana/schemes.ts'
import { suiteByName, suiteOf, suites } from '../iana/suites.ts'
import type { Floor } from '../policy.ts'
import { groupPresets, type ListPreset, schemePresets } from '../presets/groups.ts'
import { suitePresets } from '../presets/suites.ts'
import type { FloorEntry } from '../retirement-schema.ts'
import { knownVersions, parseVersion, TLS_1_3, type Version, versionName } from '../version.ts'
import { parseInstant } from './instant.ts'
import type { Notes, Path } from './notes.ts'

export function instantAt(text: string, path: Path, notes: Notes): number | undefined {
  const instant = parseInstant(text)
  if (instant.ok) return instant.atMs
  notes.problem(path, instant.message, instant.hint)
  return undefined
}

/** Reads one floor; undefined when its version cannot be read. */
export function readFloor(entry: FloorEntry, path: Path, notes: Notes): Floor | undefined {
  const version = readVersion(entry.version, [...path, 'version'], notes)
  const lists = readSuites(entry.suites, [...path, 'suites'], notes)
  const chosenGroups = readList(entry.groups, groupKind, [...path, 'groups'], notes)
  const chosenSchemes = readList(entry.signatureSchemes, schemeKind, [...path, 'signatureSchemes'], notes)
  if (version === undefined) return undefined
  return {
    version,
    ...lists,
    ...(chosenGroups && { groups: chosenGroups }),
    ...(chosenSchemes && { signatureSchemes: chosenSchemes }),
    ...(entry.requireSni && { requireSni: true }),
    title: titleOf(version, entry),
  }
}

/** `TLS 1.2, suites intermediate`: as the file names it, for people. */
function titleOf(version: Version, entry: FloorEntry): string {
  const list = (word: string, value: FloorEntry['suites']) => {
    if (value === undefined) return []
    const items = (typeof value === 'string' ? [value] : value).map(item =>
      typeof item === 'number' ? `0x${hex16(item)}` : item,
    )
    return [items.length <= 2 ? `${word} ${items.join(' and ')}` : `${items.length} ${word}`]
  }
  return [
    versionName(version),
    ...list('suites', entry.suites),
    ...list('groups', entry.groups),
    ...list('signatures', entry.signatureSchemes),
    ...(entry.requireSni ? ['SNI required'] : []),
  ].join(', ')
}

function readVersion(value: string | number, path: Path, notes: Notes): Version | undefined {
  const version = parseVersion(typeof value === 'string' ? value : (notes.sourceOf(path) ?? String(value)))
  if (version !== undefined) return version
  const names = knownVersions.map(versionName)
  // A number that does not exist is no slip of the pen: of the others, none is nearer.
  const isNumber = /^(tls|ssl)[ v]*[\d.]+$/i.test(String(value))
  const hint = isNumber ? `the versions are ${listText(names)}` : meantHint(String(value), names)
  notes.problem(path, `there is no version ${value}`, hint)
  return undefined
}

/** What can stand in a list of one kind, by name. */
interface Kind {
  word: string
  byName(text: string): { id: number } | undefined
  presets: readonly { id: string; ids: readonly number[] }[]
  names(): Iterable<string>
}

const groupKind: Kind = {
  word: 'group',
  byName: groupByName,
  presets: groupPresets satisfies readonly ListPreset[],
  names: () => groups.map(group => group.name),
}

const schemeKind: Kind = {
  word: 'signature scheme',
  byName: schemeByName,
  presets: schemePresets,
  names: () => schemes.map(scheme => scheme.name),
}

function suiteKind(): Kind {
  return {
    word: 'suite',
    byName: suiteByName,
    presets: suitePresets().map(preset => ({ id: preset.id, ids: [...preset.older, ...preset.tls13] })),
    names: () =>
      suites.flatMap(suite => (suite.opensslName ? [suite.name, suite.opensslName] : [suite.name])),
  }
}

/** A list of suites speaks for TLS 1.3, for older versions, or for both; what it does not speak of stays open. */
function readSuites(
  value: FloorEntry['suites'],
  path: Path,
  notes: Notes,
): Pick<Floor, 'suites' | 'suitesTls13'> {
  if (value === undefined) return {}
  const all = readList(value, suiteKind(), path, notes) ?? []
  const isTls13 = (id: number) => (suiteOf(id)?.minVersion ?? 0) >= TLS_1_3
  const named = typeof value === 'string' ? [value] : value.map(String)
  const presets = suitePresets().filter(preset => named.includes(preset.id))
  const older = all.filter(id => !isTls13(id))
  const tls13 = all.filter(isTls13)
  return {
    ...((older.length > 0 || presets.length > 0) && { suites: older }),
    ...((tls13.length > 0 || presets.length > 0) && { suitesTls13: tls13 }),
  }
}

function readList(value: FloorEntry['suites'], kind: Kind, path: Path, notes: Notes): number[] | undefined {
  if (value === undefined) return undefined
  const items = typeof value === 'string' ? [value] : value
  const ids = items.flatMap((item, i) =>
    readItem(item, kind, typeof value === 'string' ? path : [...path, i], notes),
  )
  return [...new Set(ids)]
}

function readItem(item: string | number, kind: Kind, path: Path, notes: Notes): readonly number[] {
  // YAML reads 0xc02f as a number; 1301 without 0x would be taken for a decimal one.
  const text = typeof item === 'number' ? (notes.sourceOf(path) ?? String(item)) : item
  if (typeof item === 'number' && !/^0x/i.test(text)) {
    notes.problem(
      path,
      `${text} is not a ${kind.word}`,
      `numbers are hexadecimal, with 0x in front: 0x${text}`,
    )
    return []
  }
  const preset = kind.presets.find(known => known.id === text.trim().toLowerCase())
  if (preset) return preset.ids
  const known = kind.byName(text)
  if (known) return [known.id]
  const presets = kind.presets.map(known => known.id)
  const meant = nearest(text, presets) ?? nearest(text, kind.names())
  notes.problem(
    path,
    `there is no ${kind.word} ${text}`,
    meant
      ? `did you mean ${meant}?`
      : `a preset (${presets.join(', ')}), an IANA or OpenSSL name, or a number such as 0xc02f`,
  )
  return []
}

/** `127.0.0.1:8443`, `[::1]:8443`, `localhost:443`; a port alone means 127.0.0.1. */
export function parseAddress(text: string): { host: string; port: number } | undefined {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):)?(\d{1,5})$/.exec(text.trim())
  if (!match || Number(match[2]) > 65_535) return undefined
  return { host: match[1]?.replace(/^\[|\]$/g, '') ?? '127.0.0.1', port: Number(match[2]) }
}

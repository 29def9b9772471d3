import { nearest } from '../base/nearest.ts'
import type { Floor } from './policy.ts'
import { retirementPresets } from './presets/retirements.ts'
import { readFloor } from './retirement/fields.ts'
import { type Note, notesOn } from './retirement/notes.ts'
import { parseYaml } from './retirement/yaml.ts'
import type { FloorEntry, RetirementFile } from './retirement-schema.ts'

export type FloorResult =
  | { ok: true; floor: Floor }
  | { ok: false; problems: Pick<Note, 'message' | 'hint'>[] }

/**
 * Reads a floor as people write it on a command line, and as `Floor.title` writes it: parts between commas, the version first. `TLS 1.2`,
 * `TLS 1.2, suites intermediate`, `TLS 1.3, groups X25519MLKEM768`, `TLS 1.2, signatures no-sha1, SNI required`. Several items of a list stand
 * with `and` or a blank between them. The id of a preset of retirements (`no-cbc`, `pqc`) stands for its next floor.
 */
export function parseFloor(text: string): FloorResult {
  const preset = retirementPresets.find(known => known.id === text.trim().toLowerCase())
  const next = (preset?.fragment as Partial<RetirementFile> | undefined)?.floor?.next
  if (next !== undefined) return read(next as FloorEntry)
  return /^\s*(ssl|tls|\d)/i.test(text) ? read(entryOf(text)) : noSuchFloor(text)
}

/** What does not begin as a version does was probably meant for a preset. */
function noSuchFloor(text: string): FloorResult {
  const presets = retirementPresets.map(known => known.id)
  const meant = nearest(text.trim(), presets)
  const choice = `a version such as TLS 1.2, or a preset: ${presets.join(', ')}`
  return {
    ok: false,
    problems: [{ message: `there is no floor ${text}`, hint: meant ? `did you mean ${meant}?` : choice }],
  }
}

function entryOf(text: string): FloorEntry | { wrong: string } {
  const [version = '', ...parts] = text.split(',').map(part => part.trim())
  const entry: Record<string, unknown> = { version }
  for (const part of parts) {
    const [word = '', ...rest] = part.split(/\s+/)
    const items = rest.filter(item => item !== 'and')
    const list = lists[word.toLowerCase()]
    if (/^sni( required)?$/i.test(part)) entry.requireSni = true
    else if (list !== undefined && items.length > 0) entry[list] = items.length === 1 ? items[0] : items
    else return { wrong: part }
  }
  return entry as FloorEntry
}

function read(entry: FloorEntry | { wrong: string }): FloorResult {
  if ('wrong' in entry)
    return {
      ok: false,
      problems: [
        {
          message: `no such part of a floor: ${entry.wrong}`,
          hint: 'suites NAMES, groups NAMES, signatures NAMES, or SNI required, with commas between',
        },
      ],
    }
  const notes = notesOn(parseYaml(JSON.stringify(entry)))
  const floor = readFloor(entry, [], notes)
  if (floor === undefined || notes.problems.length > 0) return { ok: false, problems: notes.problems }
  return { ok: true, floor }
}

const lists: Record<string, keyof FloorEntry> = {
  suites: 'suites',
  suite: 'suites',
  groups: 'groups',
  group: 'groups',
  signatures: 'signatureSchemes',
  signature: 'signatureSchemes',
}

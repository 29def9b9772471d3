import { meantHint } from '../base/nearest.ts'
import { countText } from '../base/text.ts'
import type { Policy } from './policy.ts'
import { retirementPresets } from './presets/retirements.ts'
import type { ReadTable } from './retirement/accounts.ts'
import { buildPolicy } from './retirement/build.ts'
import { type Note, type Notes, notesOn } from './retirement/notes.ts'
import { noteShape, withoutUnknownKeys } from './retirement/shape.ts'
import { warnAbout } from './retirement/warn.ts'
import { type ParsedYaml, parseYaml } from './retirement/yaml.ts'
import { type RetirementFile, retirementSchema } from './retirement-schema.ts'

export type { Note } from './retirement/notes.ts'

export type RetirementResult =
  | { ok: true; policy: Policy; warnings: Note[] }
  | { ok: false; problems: Note[] }

/** Characters of a file that nobody writes: more than this is not a retirement file. */
const longestFile = 4_000_000

/**
 * Reads a retirement file (YAML, and so JSON). Problems and warnings carry line and column and what was probably meant. `nowMs` is for
 * warnings about what has passed; without it there are none of those. `readTable` gives the CSV files that rules name; without it they are
 * taken for empty.
 */
export function readRetirement(
  text: string,
  { nowMs, readTable }: { nowMs?: number; readTable?: ReadTable } = {},
): RetirementResult {
  if (text.length > longestFile)
    return {
      ok: false,
      problems: [
        {
          line: 1,
          column: 1,
          path: '',
          message: `the file has ${countText(text.length)} characters, and a retirement file at most ${countText(longestFile)}`,
        },
      ],
    }
  const yaml = parseYaml(text)
  if (yaml.problems.length > 0) return { ok: false, problems: yaml.problems }
  const notes = notesOn(yaml)
  const raw = plainValue(yaml, notes)
  if (raw === undefined) {
    if (notes.problems.length === 0)
      notes.problem([], 'the file is empty', 'begin with retirement: and service:')
    return { ok: false, problems: notes.problems }
  }
  const shape = retirementSchema.safeParse(raw)
  if (!shape.success) noteShape(shape.error.issues, raw, notes)
  const file = shape.success
    ? shape.data
    : retirementSchema.safeParse(withoutUnknownKeys(shape.error.issues, raw)).data
  const policy = file && policyOf(file, notes, readTable)
  if (policy === undefined || notes.problems.length > 0)
    return { ok: false, problems: inOrder(notes.problems) }
  warnAbout(policy, nowMs, notes)
  return { ok: true, policy, warnings: inOrder(notes.warnings) }
}

/** Undefined when the preset that the file extends is not known. */
function policyOf(file: RetirementFile, notes: Notes, readTable?: ReadTable): Policy | undefined {
  if (file.extends === undefined) return buildPolicy(file, notes, readTable)
  const preset = retirementPresets.find(known => known.id === file.extends)
  if (preset)
    return buildPolicy(withPreset(file, preset.fragment as Partial<RetirementFile>), notes, readTable)
  const known = retirementPresets.map(each => each.id)
  notes.problem(['extends'], `there is no preset ${file.extends}`, meantHint(file.extends, known))
  return undefined
}

/** The document as plain data. Aliases are followed up to a limit; a file that goes beyond (a "billion laughs") is refused. */
function plainValue({ document }: ParsedYaml, notes: Notes): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 }) ?? undefined
  } catch {
    notes.problem(
      [],
      'the aliases of this file stand for too much',
      'write out what &anchors and *aliases stand for',
    )
    return undefined
  }
}

/** Keys of the file win; inside service, floor and unknown key by key. */
function withPreset(file: RetirementFile, fragment: Partial<RetirementFile>): RetirementFile {
  return {
    ...fragment,
    ...file,
    service: { ...fragment.service, ...file.service },
    floor: { ...fragment.floor, ...file.floor },
    unknown: { ...fragment.unknown, ...file.unknown },
  }
}

function inOrder(notes: Note[]): Note[] {
  return notes.sort((a, b) => a.line - b.line || a.column - b.column)
}

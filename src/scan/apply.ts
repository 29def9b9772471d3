import { readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Edit, Finding } from '../model/finding.ts'
import type { Version } from '../model/version.ts'
import { decode, encode } from './decode.ts'
import { projectOf } from './project.ts'
import { scanText } from './scan-text.ts'
import type { Project } from './source.ts'

/** What the fixes of one file come to. `after` is undefined when nothing changes. */
export interface FileChange {
  path: string
  before: string
  after: string
  applied: Finding[]
}

/** Which findings a fix may touch: clients by default; a server's floor is a decision. */
export type FixSides = 'client' | 'server' | 'all'

export function mayFix(finding: Finding, sides: FixSides): boolean {
  if (!finding.edits || finding.secondary) return false
  return sides === 'all' || finding.side === sides || (finding.side === 'either' && sides === 'client')
}

/** Applies edits from the last to the first; overlapping ones are left out. Pure. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = text
  let limit = Number.POSITIVE_INFINITY
  for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) {
    if (edit.end > limit) continue
    out = out.slice(0, edit.start) + edit.text + out.slice(edit.end)
    limit = edit.start
  }
  return out
}

/** The text after all fixes, and after those that only then show themselves (a list that lost its last legacy member). */
export function fixText(
  path: string,
  text: string,
  floor: Version,
  sides: FixSides,
  { only, ...about }: { only?: ReadonlySet<string>; project?: () => Project; prefix?: string } = {},
): { text: string; applied: Finding[] } {
  const applied: Finding[] = []
  let current = text
  let rounds = 4
  for (let round = 0; round < rounds; round++) {
    const all = scanText(path, current, { floor, ...about }).findings.filter(finding =>
      mayFix(finding, sides),
    )
    const findings = round === 0 && only ? all.filter(({ fingerprint }) => only.has(fingerprint)) : all
    // Where some are left alone on purpose, what shows itself later cannot be told from them.
    if (findings.length < all.length) rounds = 1
    const chosen = withoutOverlaps(findings)
    if (chosen.length === 0) break
    const next = applyEdits(
      current,
      chosen.flatMap(finding => finding.edits!.map(edit => inLineEndsOf(current, edit))),
    )
    if (next === current) break
    applied.push(...chosen)
    current = next
  }
  return { text: current, applied }
}

function withoutOverlaps(findings: readonly Finding[]): Finding[] {
  const chosen: Finding[] = []
  const spans: Edit[] = []
  for (const finding of findings) {
    if (finding.edits!.some(edit => spans.some(other => edit.start < other.end && other.start < edit.end)))
      continue
    chosen.push(finding)
    spans.push(...finding.edits!)
  }
  return chosen
}

function inLineEndsOf(text: string, edit: Edit): Edit {
  return edit.text.includes('\n') && text.includes('\r\n')
    ? { ...edit, text: edit.text.replace(/\r?\n/g, '\r\n') }
    : edit
}

/** Changes for the findings with a fix that may be made, and for no others of their files, without writing anything. */
export function planFixes(
  root: string,
  findings: readonly Finding[],
  floor: Version,
  sides: FixSides,
  prefix = '',
): FileChange[] {
  const known = new Map()
  const changes: FileChange[] = []
  const wanted = findings.filter(finding => mayFix(finding, sides))
  for (const path of new Set(wanted.map(({ place }) => place.path))) {
    const decoded = decode(readFileSync(join(root, path)))
    if (!decoded) continue
    const { text, applied } = fixText(path, decoded.text, floor, sides, {
      only: new Set(wanted.filter(({ place }) => place.path === path).map(({ fingerprint }) => fingerprint)),
      project: () => projectOf(root, path, known),
      prefix,
    })
    if (text !== decoded.text) changes.push({ path, before: decoded.text, after: text, applied })
  }
  return changes
}

/** Writes a change in the file's own encoding, beside it first and then over it, so that a crash leaves the old or the new file whole. */
export function writeChange(root: string, change: FileChange) {
  const path = join(root, change.path)
  const decoded = decode(readFileSync(path))
  if (!decoded || decoded.text !== change.before) return false
  const beside = `${path}.tlsunset-${process.pid}`
  try {
    writeFileSync(beside, encode(change.after, decoded), { mode: statSync(path).mode })
    renameSync(beside, path)
  } catch (error) {
    try {
      unlinkSync(beside)
    } catch {
      // It was not written.
    }
    throw error
  }
  return true
}

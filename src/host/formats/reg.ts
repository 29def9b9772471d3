import { versionName } from '../../model/version.ts'
import { encodeRegFile, formatName, formatRegLines, formatValue } from '../reg-file.ts'
import type { Change, Remedy } from '../remedy.ts'
import { type Format, headline } from './format.ts'

export const reg: Format = {
  id: 'reg',
  title: 'registry files',
  use: 'reg import apply.reg as administrator (or a double click); undo.reg takes it back. Made for this one host.',
  write: remedy => [
    { path: 'apply.reg', content: encodeRegFile(applyText(remedy)) },
    { path: 'undo.reg', content: encodeRegFile(undoText(remedy)) },
  ],
}

function applyText(remedy: Remedy): string {
  const title = headline(remedy, `brings the host to ${versionName(remedy.floor)}`)
  return formatRegLines(
    title,
    byKey(remedy.changes, change => formatValue(change.to)),
  )
}

/** Values as they were; a file of this kind cannot ask whether a key is empty, so the keys that were absent go whole. */
function undoText(remedy: Remedy): string {
  const lines = byKey(remedy.changes, ({ name, before }) =>
    before ? formatValue(before) : `${formatName(name)}=-`,
  )
  const title = headline(
    { ...remedy, prerequisites: [] },
    `takes back what brought the host to ${versionName(remedy.floor)}`,
  )
  return formatRegLines(title, [...lines, ...remedy.createdKeys.flatMap(key => [`[-${key}]`, ''])])
}

function byKey(changes: readonly Change[], line: (change: Change) => string): string[] {
  const keys = [...new Set(changes.map(change => change.key))]
  return keys.flatMap(key => [`[${key}]`, ...changes.filter(change => change.key === key).map(line), ''])
}

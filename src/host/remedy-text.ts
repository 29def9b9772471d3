import { versionName } from '../model/version.ts'
import type { LinuxRemedy } from './linux-remedy.ts'
import { formatValue } from './reg-file.ts'
import { shortPath } from './registry.ts'
import type { Remedy } from './remedy.ts'

/** The plan for people: what changes, what stood there, what comes first and after, and what no setting helps. */
export function remedyText(remedy: Remedy): string {
  const { host, os, floor, changes, remaining } = remedy
  const title =
    changes.length === 0 && remedy.prerequisites.length === 0
      ? remaining.length === 0
        ? `nothing to change for ${versionName(floor)}`
        : `no setting helps at ${versionName(floor)}`
      : `${changes.length} ${changes.length === 1 ? 'value' : 'values'} for ${versionName(floor)}`
  return [
    `${host} (${os}): ${title}`,
    ...list(
      'first',
      remedy.prerequisites.map(({ text }) => text),
    ),
    ...list(
      'changes',
      changes.flatMap(({ key, to, before, why }) => [
        `${shortPath(key)}`,
        `  ${formatValue(to)}  (now ${before ? formatValue(before).replace(/^.*?=/, '') : 'absent'})  ${why}`,
      ]),
    ),
    ...list('then', remedy.notes),
    ...list('reaches the floor', remedy.fixed),
    ...list(
      'no setting helps',
      remaining.flatMap(({ consumer, presence, because, steps }) => [
        `${consumer}${presence === 'possible' ? ', if there are any' : ''}: ${because}`,
        ...steps.map(step => `  ${step}`),
      ]),
    ),
    ...list(
      'for .NET Framework, the least change first',
      remedy.ladder.map((step, at) => `${at + 1}. ${step}`),
    ),
    ...list(
      'warnings',
      remedy.warnings.map(({ code, text }) => `${code}: ${text}`),
    ),
    '',
  ].join('\n')
}

export function linuxRemedyText(host: string, remedy: LinuxRemedy): string {
  return [
    `${host}: ${remedy.dropIns.length === 0 && remedy.remaining.length === 0 ? 'nothing to change' : `${remedy.dropIns.length} drop-in files`}`,
    ...list(
      'drop-ins',
      remedy.dropIns.flatMap(({ consumer, because, place, file }) => [
        `${consumer}: ${because}`,
        `  ${place}:`,
        ...String(file.content)
          .trimEnd()
          .split('\n')
          .map(line => `    ${line}`),
      ]),
    ),
    ...list(
      'no setting helps',
      remedy.remaining.flatMap(({ consumer, because, steps }) => [
        `${consumer}: ${because}`,
        ...steps.map(step => `  ${step}`),
      ]),
    ),
    '',
  ].join('\n')
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map(line => `  ${line}`)]
}

/** The plan as JSON; registry values in the notation of .reg files. */
export function remedyJson(remedy: Remedy): object {
  return {
    kind: 'remedy',
    ...remedy,
    floor: versionName(remedy.floor),
    changes: remedy.changes.map(({ key, name, to, before, why }) => ({
      key,
      name,
      to: formatValue(to).replace(/^.*?=/, ''),
      before: before ? formatValue(before).replace(/^.*?=/, '') : null,
      why,
    })),
  }
}

import type { Effect, Finding } from '../../model/finding.ts'
import { recipes } from '../recipes/index.ts'

const levels: Record<Effect, string> = { breaks: 'error', allows: 'warning', inherits: 'note', note: 'note' }
const security: Record<Effect, string> = { breaks: '7.5', allows: '5.0', inherits: '2.0', note: '1.0' }

/** SARIF level of a finding; in test and generated code what breaks is only a warning. */
function levelOf(finding: Finding): string {
  return finding.secondary && finding.effect === 'breaks' ? 'warning' : levels[finding.effect]
}

/** GitHub refuses a run with more results, and shows the 5,000 that weigh most (docs.github.com, SARIF support, 2025-11). */
const mostResults = 25_000

/** SARIF 2.1.0 as GitHub code scanning reads it: rules with help, partial fingerprints, fixes, relative paths. */
export function sarif(found: readonly Finding[], version: string): object {
  const findings = found.slice(0, mostResults)
  const used = recipes.filter(recipe => findings.some(finding => finding.rule === recipe.id))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tlsunset',
            semanticVersion: version,
            rules: used.map(recipe => ({
              id: recipe.id,
              name: recipe.id.replace(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase()),
              shortDescription: { text: recipe.title },
              fullDescription: { text: recipe.why },
              help: {
                text: `${recipe.why}\n\nFix: ${recipe.fix}\n\nSources:\n${recipe.sources.join('\n')}`,
                markdown: `${recipe.why}\n\n**Fix:** ${recipe.fix}\n\n${recipe.sources.map(source => `- ${source}`).join('\n')}`,
              },
              helpUri:
                /^https?:\S+/.exec(recipe.sources[0] ?? '')?.[0] ?? 'https://www.rfc-editor.org/rfc/rfc8996',
              defaultConfiguration: { level: 'warning' },
              properties: {
                tags: ['security', 'tls', 'external/cwe/cwe-327'],
                precision: 'high',
                'security-severity': security.allows,
              },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            ...(found.length > findings.length && {
              toolExecutionNotifications: [
                {
                  level: 'warning',
                  message: { text: `${found.length - findings.length} more findings are not in this file` },
                },
              ],
            }),
          },
        ],
        results: findings.map(finding =>
          resultOf(
            finding,
            used.findIndex(recipe => recipe.id === finding.rule),
          ),
        ),
      },
    ],
  }
}

function resultOf(finding: Finding, ruleIndex: number) {
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levelOf(finding),
    message: { text: `${finding.message}. ${finding.fix}` },
    locations: [{ physicalLocation: physical(finding.place) }],
    ...(finding.related.length > 0 && {
      relatedLocations: finding.related.map((other, id) => ({
        id,
        message: { text: other.message },
        physicalLocation: physical(other.place),
      })),
    }),
    partialFingerprints: {
      'tlsunset/v1': finding.fingerprint,
      primaryLocationLineHash: `${finding.fingerprint.slice(0, 16)}:1`,
    },
    ...(finding.edits && {
      fixes: [
        {
          description: { text: finding.fix },
          artifactChanges: [
            {
              artifactLocation: locationOf(finding.place.path),
              replacements: finding.edits.map(edit => ({
                deletedRegion: { charOffset: edit.start, charLength: edit.end - edit.start },
                insertedContent: { text: edit.text },
              })),
            },
          ],
        },
      ],
    }),
    properties: {
      effect: finding.effect,
      side: finding.side,
      certainty: finding.certainty,
      stack: finding.stack,
      ...(finding.secondary && { secondary: finding.secondary }),
    },
  }
}

/** Relative to the scanned folder; `#`, `?` and blanks of a path are no syntax of a URI. */
function locationOf(path: string) {
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' }
}

function physical(place: Finding['place']) {
  return {
    artifactLocation: locationOf(place.path),
    region: {
      startLine: place.line,
      startColumn: place.column,
      endLine: place.endLine,
      endColumn: place.endColumn,
      charOffset: place.start,
      charLength: place.end - place.start,
    },
  }
}

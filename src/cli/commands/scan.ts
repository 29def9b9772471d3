import { exitCodes, Fault } from '../../base/fault.ts'
import type { Effect, Finding } from '../../model/finding.ts'
import { knownVersions, parseVersion, versionName } from '../../model/version.ts'
import type { FixSides } from '../../scan/apply.ts'
import type { Command, FlagValues, Io } from '../command.ts'

const formats = ['text', 'json', 'sarif', 'cbom'] as const

export const command: Command = {
  name: 'scan',
  summary: 'find what pins old TLS in code, configuration and infrastructure, and mend it',
  description:
    'Reads a folder (gitignore respected, symbolic links not followed, vendored folders and binaries set apart) and names every place that breaks under the floor, still allows what is below it, or (with --inherits) depends on a default. --fix changes what is mechanical, on the client side unless told otherwise.',
  args: [{ name: 'dir', help: 'folder or file to scan (default: here)' }],
  flags: [
    { name: 'floor', value: 'version', help: 'lowest version that will be accepted', default: 'TLS 1.2' },
    { name: 'format', value: 'name', help: 'form of the answer', choices: formats, default: 'text' },
    { name: 'json', help: 'same as --format json' },
    { name: 'sarif', help: 'same as --format sarif (GitHub code scanning)' },
    { name: 'cbom', help: 'same as --format cbom (CycloneDX)' },
    { name: 'fix', help: 'make the mechanical changes' },
    { name: 'diff', help: 'show the changes as a patch, change nothing' },
    {
      name: 'fix-side',
      value: 'side',
      help: 'whose places to change: a server that raises its floor refuses old clients',
      choices: ['client', 'server', 'all'],
      default: 'client',
    },
    { name: 'inherits', help: 'report places that depend on a default too, and notes' },
    { name: 'since', value: 'revision', help: 'only lines changed since a git revision' },
    {
      name: 'baseline',
      value: 'file',
      help: 'leave out the findings that this file names (own form or SARIF)',
    },
    { name: 'write-baseline', value: 'file', help: 'write the findings of now as a baseline' },
    {
      name: 'seen',
      value: 'file',
      help: "an account's log (CSV or JSON of its page) or account --json: findings that explain what was seen come first",
    },
    { name: 'tests', help: 'findings in test code decide the exit code too' },
    { name: 'vendored', help: 'read node_modules, vendor and the like too' },
    { name: 'no-ignore', help: 'read files that .gitignore names too' },
  ],
  examples: [
    { run: 'tlsunset scan', does: 'what in this folder breaks when TLS 1.0 and 1.1 are refused' },
    { run: 'tlsunset scan --diff src', does: 'the changes that --fix would make' },
    { run: 'tlsunset scan --sarif > tlsunset.sarif', does: 'for GitHub code scanning' },
    {
      run: 'tlsunset scan --floor "TLS 1.3" --since main',
      does: 'what a pull request adds that a TLS 1.3 floor would refuse',
    },
  ],
  run,
}

async function run({ args, flags, io }: { args: string[]; flags: FlagValues; io: Io }) {
  const floor = floorOf(String(flags.floor))
  const format = formatOf(flags)
  const { resolve, dirname, basename, relative, sep } = await import('node:path')
  const { statSync } = await import('node:fs')
  if (args[0] === '')
    throw new Fault('usage', 'empty-name', 'the folder has no name', { hint: 'tlsunset scan .' })
  const target = resolve(io.cwd, args[0] ?? '.')
  let root = target
  let only: string[] | undefined
  try {
    if (!statSync(target).isDirectory()) {
      root = dirname(target)
      only = [basename(target)]
    }
  } catch (error) {
    throw new Fault('input', 'no-such-folder', `no such file or folder: ${args[0] ?? target}`, {
      hint: 'tlsunset scan .',
      cause: error,
    })
  }
  const [{ scanTree }, baselines, { changedSince }] = await Promise.all([
    import('../../scan/scan.ts'),
    import('../../scan/baseline.ts'),
    import('../../scan/since.ts'),
  ])
  const folder = relative(io.cwd, root).split(sep).join('/')
  const called = callFrom(folder)
  const prefix = called('')
  const known = flags.baseline ? baselines.readBaseline(resolve(io.cwd, String(flags.baseline))) : undefined
  const changed = flags.since ? changedSince(root, String(flags.since)) : undefined
  const wanted = only ?? (changed ? [...changed.keys()] : undefined)
  const result = await scanTree(root, {
    floor,
    inherits: flags.inherits === true,
    vendored: flags.vendored === true,
    noIgnore: flags.ignore === false,
    signal: io.signal,
    prefix,
    ...(wanted && { only: wanted, named: only !== undefined }),
  })
  if (io.signal.aborted) return exitCodes.interrupted

  let findings = result.findings
  if (changed)
    findings = findings.filter(({ place }) =>
      changed.get(place.path)?.some(([from, to]) => place.line <= to && place.endLine >= from),
    )
  const all = findings
  if (known) findings = findings.filter(finding => !known.has(finding.fingerprint))
  const inBaseline = all.length - findings.length
  if (flags['write-baseline']) {
    const { writeFileSync } = await import('node:fs')
    writeFileSync(
      resolve(io.cwd, String(flags['write-baseline'])),
      `${JSON.stringify(baselines.baselineOf(all), null, 2)}\n`,
    )
    io.stderr.write(
      `tlsunset: ${all.length} findings, notes and places that rest on a default among them, are known from now on: --baseline ${flags['write-baseline']}\n`,
    )
    return exitCodes.ok
  }
  const side = String(flags['fix-side']) as FixSides
  if (flags.fix || flags.diff)
    return fix(
      { root, called, prefix },
      findings,
      floor,
      side,
      { write: flags.fix === true, diff: flags.diff === true },
      io,
    )

  const counted = findings.filter(finding => finding.effect === 'breaks' || finding.effect === 'allows')
  const shown = flags.inherits ? findings : counted
  const ordered = flags.seen ? await bySeen(shown, resolve(io.cwd, String(flags.seen))) : inOrder(shown)
  // For a person a path leads from where they stand, also when that is outside of the folder.
  const shownAs =
    format === 'text' && folder.startsWith('..') ? (path: string) => `${folder}/${path}` : called
  await print(
    ordered.map(finding => seenBy(shownAs, finding)),
    result,
    { format, floor, side },
    io,
  )
  const { coverageLines, count } = await import('../../scan/report/text.ts')
  for (const line of coverageLines(result)) io.stderr.write(`tlsunset: ${line}\n`)
  if (inBaseline > 0) io.stderr.write(`tlsunset: ${count(inBaseline, 'finding')} left out by the baseline\n`)
  if (result.files === 0 && !changed) {
    io.stderr.write('tlsunset: nothing was read, so nothing can be said\n')
    return exitCodes.undecided
  }
  const decisive = flags.tests ? counted : counted.filter(finding => finding.secondary !== 'test')
  if (decisive.length === 0 && counted.length > 0)
    io.stderr.write('tlsunset: all of them are in test code, which decides the exit code only with --tests\n')
  return decisive.length > 0 ? exitCodes.findings : exitCodes.ok
}

function formatOf(flags: FlagValues): string {
  const asked = ['json', 'sarif', 'cbom'].filter(name => flags[name])
  const format = String(flags.format)
  const one = asked[0] ?? format
  if (asked.length > 1 || (format !== 'text' && format !== one))
    throw new Fault(
      'usage',
      'format',
      `${[...asked, ...(format === 'text' ? [] : [`format ${format}`])].map(name => `--${name}`).join(' and ')} together`,
      { hint: 'give one of them' },
    )
  if (one !== 'text' && (flags.fix || flags.diff))
    throw new Fault('usage', 'format', `--${flags.diff ? 'diff' : 'fix'} has no form ${one}`, {
      hint: `tlsunset scan --${one}, then tlsunset scan --${flags.diff ? 'diff' : 'fix'}`,
    })
  return one
}

function floorOf(text: string) {
  const floor = parseVersion(text)
  if (floor === undefined)
    throw new Fault('usage', 'no-such-version', `no such version: ${text}`, {
      hint: `--floor "${versionName(knownVersions.at(-2)!)}"`,
    })
  return floor
}

const order: Record<Effect, number> = { breaks: 0, allows: 1, inherits: 2, note: 3 }

/** What breaks first, tests last, then by place. */
function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      Number(Boolean(a.secondary)) - Number(Boolean(b.secondary)) || order[a.effect] - order[b.effect],
  )
}

async function bySeen(findings: readonly Finding[], path: string): Promise<Finding[]> {
  const { explains, readSeen } = await import('../../scan/seen.ts')
  const seen = readSeen(path)
  const weights = new Map(findings.map(finding => [finding, explains(finding, seen)]))
  return inOrder(findings).sort((a, b) => weights.get(b)! - weights.get(a)!)
}

async function print(
  findings: readonly Finding[],
  result: { files: number; bytes: number; parsed: number; skips: unknown[]; ignored: number },
  { format, floor, side }: { format: string; floor: number; side: FixSides },
  io: Io,
) {
  const version = '0.1.0'
  if (format === 'json') {
    const { files, bytes, parsed, skips, ignored } = result
    io.stdout.write(
      `${JSON.stringify({ floor: versionName(floor), findings: findings.map(outward), coverage: { files, sizeBytes: bytes, parsed, skips, ignored } }, null, 2)}\n`,
    )
  } else if (format === 'sarif') {
    const { sarif } = await import('../../scan/report/sarif.ts')
    io.stdout.write(`${JSON.stringify(sarif(findings, version), null, 2)}\n`)
  } else if (format === 'cbom') {
    const { cbom } = await import('../../scan/report/cbom.ts')
    io.stdout.write(`${JSON.stringify(cbom(findings, version, io.now()), null, 2)}\n`)
  } else {
    const { textReport, count } = await import('../../scan/report/text.ts')
    const text = textReport(findings, {
      colour: io.stdout.isTTY === true && !io.env.NO_COLOR,
      columns: io.stdout.columns ?? 120,
    })
    if (text) io.stdout.write(`${text}\n`)
    const of = (effect: Effect) => findings.filter(finding => finding.effect === effect).length
    const inTests = findings.filter(finding => finding.secondary === 'test').length
    const { mayFix } = await import('../../scan/apply.ts')
    const mended = (sides: FixSides) => findings.filter(finding => mayFix(finding, sides)).length
    const [fixable, more] = [mended(side), mended('all') - mended(side)]
    io.stdout.write(
      `${count(findings.length, 'finding')} under a floor of ${versionName(floor)}: ${of('breaks')} break, ${of('allows')} allow older versions${inTests > 0 ? `; ${inTests} in test code` : ''}${fixable > 0 ? `; ${fixable} can be mended by --fix` : ''}${more > 0 ? `; ${more} ${fixable > 0 ? 'more ' : ''}by --fix --fix-side all` : ''}\n`,
    )
  }
}

/** Names a file of the scanned folder as it is called from where the command runs, so that an editor, a code host or `git apply` finds it. */
type Called = (path: string) => string

function callFrom(folder: string): Called {
  const isInside = folder !== '' && !/^(?:\.\.|\/|[A-Za-z]:)/.test(folder)
  return path => (isInside ? `${folder}/${path}` : path)
}

function seenBy(called: Called, finding: Finding): Finding {
  const moved = (place: Finding['place']) => ({ ...place, path: called(place.path) })
  return {
    ...finding,
    place: moved(finding.place),
    related: finding.related.map(other => ({ ...other, place: moved(other.place) })),
  }
}

/** Versions by name: the wire numbers stay inside. */
function outward(finding: Finding) {
  return { ...finding, versions: finding.versions.map(versionName) }
}

async function fix(
  { root, called, prefix }: { root: string; called: Called; prefix: string },
  findings: readonly Finding[],
  floor: number,
  side: FixSides,
  how: { write: boolean; diff: boolean },
  io: Io,
) {
  const { mayFix, planFixes, writeChange } = await import('../../scan/apply.ts')
  const { unifiedDiff } = await import('../../scan/diff.ts')
  const changes = planFixes(root, findings, floor, side, prefix)
  if (how.diff)
    for (const change of changes)
      io.stdout.write(unifiedDiff(called(change.path), change.before, change.after))
  let written = 0
  const isWritten = how.write && !how.diff
  if (isWritten)
    for (const change of changes) {
      if (writeChange(root, change)) {
        written++
        io.stdout.write(
          `changed ${called(change.path)}: ${change.applied.length} ${change.applied.length === 1 ? 'place' : 'places'}\n`,
        )
      } else io.stderr.write(`tlsunset: ${called(change.path)} changed meanwhile and was left alone\n`)
    }
  const left = findings.filter(
    finding => (finding.effect === 'breaks' || finding.effect === 'allows') && !mayFix(finding, side),
  )
  const ofServers = left.filter(finding => mayFix(finding, 'all')).length
  for (const finding of left)
    io.stderr.write(
      `tlsunset: by hand: ${called(finding.place.path)}:${finding.place.line}: ${finding.fix}\n`,
    )
  io.stderr.write(
    `tlsunset: ${isWritten ? `${written} files changed` : `${changes.length} files would change`}, ${left.length} findings left to a person${ofServers > 0 ? `, ${ofServers} of which --fix-side all would mend` : ''}\n`,
  )
  return left.length > 0 || (!isWritten && changes.length > 0) ? exitCodes.findings : exitCodes.ok
}

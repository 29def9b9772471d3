import { type ExitCode, exitCodes } from '../../base/fault.ts'
import type { Command, FlagValues, Io } from '../command.ts'
import { filesArg, floorHelp, sourceFlags } from '../report/common-flags.ts'

export const command: Command = {
  name: 'report',
  summary: 'Who is left, who would break under the next floor, and why',
  description:
    'Reads logs and captures in one go, with no configuration, or the store when no file is named.\n' +
    'Exit code 0: nobody would break; 1: somebody would; 6: nothing seen, or nobody breaks but of some nothing certain can be said, or a source has gone silent; 3: a file cannot be read,\n' +
    'and the answer is over the others.',
  args: [filesArg],
  flags: [
    {
      name: 'by',
      value: 'what',
      choices: ['account', 'stack', 'version'],
      default: 'account',
      help: 'what the table lists',
    },
    { name: 'floor', value: 'floor', help: floorHelp },
    ...sourceFlags,
  ],
  examples: [
    { run: 'tlsunset report access.log', does: 'judges every user of an nginx log against TLS 1.2' },
    {
      run: 'tlsunset report --by stack --floor "TLS 1.3" capture.pcapng',
      does: 'names the client stacks that TLS 1.3 would lock out',
    },
    {
      run: 'tlsunset report -c retirement.yaml --store ./store --json',
      does: 'asks the store, with the next floor of the retirement file',
    },
  ],
  run,
}

async function run({ args, flags, io }: { args: string[]; flags: FlagValues; io: Io }): Promise<ExitCode> {
  const kept = args.length === 0 ? await keptByServer(flags, io) : null
  const { report, gathered, byStack, explain } = kept
    ? { ...kept, byStack: null, explain: null }
    : await judged(args, flags, io)
  const { printable } = await import('../../base/text.ts')
  for (const example of gathered.examples ?? []) io.stderr.write(`tlsunset: note: ${printable(example)}\n`)
  if (flags.json) {
    const { reportDocument } = await import('../report/document.ts')
    io.stdout.write(
      `${JSON.stringify({ ...reportDocument(report, gathered, byStack), ...(explain && { explain }) }, null, 2)}\n`,
    )
  } else {
    const { reportText } = await import('../report/text.ts')
    const { paintFor, widthOf } = await import('../paint.ts')
    const by = flags.by as 'account' | 'stack' | 'version'
    io.stdout.write(reportText(report, gathered, by, byStack, { paint: paintFor(io), width: widthOf(io) }))
  }
  if (explain && !flags.json) {
    const { explainText } = await import('../report/explain.ts')
    io.stdout.write(`\n${explainText(explain)}`)
  }
  if (gathered.faults[0]) return exitCodes[gathered.faults[0].kind]
  if (report.totals.wouldBreak > 0) return exitCodes.findings
  const kinds = new Set(report.accounts.map(entry => entry.verdict))
  const isSilent = report.coverage.some(source => source.isSilent)
  return kinds.has('clear') && !kinds.has('unsure') && !isSilent ? exitCodes.ok : exitCodes.undecided
}

/** The report over files, or over the roll-up where no server keeps it. */
async function judged(files: readonly string[], flags: FlagValues, io: Io) {
  const { prepareReport } = await import('../report/prepare.ts')
  const { gathered, facts, report, mended } = await prepareReport(files, flags, io)
  let byStack = null
  if (flags.by === 'stack') {
    const { reader } = await import('../../identify/reading.ts')
    const { countStacks } = await import('../report/stacks.ts')
    byStack = countStacks(facts.rows, reader(facts), row => facts.stackOf(row, facts.shapes.get(row.shape)))
  }
  const { explainReport } = await import('../report/explain.ts')
  const { versionCounts } = await import('../report/document.ts')
  const exempt = facts.exemptions?.map(({ account }) => account) ?? []
  const explain = flags.explain
    ? explainReport({ facts, mended, gathered }, report, versionCounts(report), byStack, exempt)
    : null
  return { report, gathered, byStack, explain }
}

async function keptByServer(flags: FlagValues, io: Io) {
  const { serverReport } = await import('../report/from-server.ts')
  return serverReport(flags, io)
}

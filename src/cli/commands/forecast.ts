import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import type { Command, FlagValues, Io } from '../command.ts'
import { filesArg, floorHelp, sourceFlags } from '../report/common-flags.ts'

export const command: Command = {
  name: 'forecast',
  summary: 'When it will be over: who is left by their own rhythm, the trend, and go or no go',
  description:
    'An account counts until as many of its own cycles as the retirement file asks for (ready.cleanCycles; 2) have passed without an offer that breaks.\n' +
    'With a store, what was decided on earlier days and how the dates of the retirement file moved is shown as well.\n' +
    'The trend is what stretches of the past brought that were as long as the time to the cutoff; its range holds at least 9 times in 10 if things go on as before.\n' +
    'Exit code 0: go; 1: no go; 6: undecided, since nothing was seen, a source has gone silent, or traffic of no known account breaks.',
  args: [filesArg],
  flags: [
    { name: 'floor', value: 'floor', help: floorHelp },
    ...sourceFlags,
    {
      name: 'record',
      help: 'puts the decision of today on record in the store, once a day; `tlsunset serve` does so by itself',
    },
  ],
  examples: [
    {
      run: 'tlsunset forecast -c retirement.yaml',
      does: 'asks the store, with cutoff and thresholds of the file',
    },
    { run: 'tlsunset forecast --json access.log.*.gz', does: 'the same from rotated logs, as one document' },
  ],
  run,
}

async function run({ args, flags, io }: { args: string[]; flags: FlagValues; io: Io }): Promise<ExitCode> {
  const { prepareReport } = await import('../report/prepare.ts')
  const { forecast, outlives } = await import('../../identify/forecast.ts')
  const { reader } = await import('../../identify/reading.ts')
  const { stackTitles } = await import('../../identify/rhythm.ts')
  const { forecastDocument, forecastView } = await import('../report/forecast.ts')
  if (flags.record) checkRecord(args, flags)
  const {
    gathered,
    all: facts,
    report,
    policy,
    mended,
  } = await prepareReport(args, flags, io, { hours: true })
  const endMs = policy?.cutoffMs ?? facts.window.toMs
  const ready = policy?.ready ?? { maxAccountsThatBreak: 0, cleanCycles: 2 }
  const found = forecast({
    rows: facts.rows,
    read: reader(facts),
    stackOf: stackTitles(facts),
    nowMs: facts.window.named ? facts.window.toMs - 1 : io.now(),
    cutoffMs: facts.cutoffMs,
    ready,
    isExempt: outlives(facts.exemptions ?? [], endMs),
    coverage: gathered.coverage,
  })
  const { trafficByDay } = await import('../report/traffic.ts')
  const traffic = await trafficByDay({ facts, mended, gathered }, flags, io)
  const { explainText } = await import('../report/explain.ts')
  const { explainForecast } = await import('../report/explain-forecast.ts')
  const explain = flags.explain ? explainForecast({ facts, mended, gathered }, found, ready, traffic) : null
  const { goRecord, recordDocument, recordLines } = await import('../report/go-record.ts')
  const standing =
    flags.record && policy ? { policy, forecast: found, totals: report.totals, window: facts.window } : null
  const known = args.length > 0 ? null : await goRecord(flags, io, policy, standing)
  if (flags.json)
    io.stdout.write(
      `${JSON.stringify({ ...forecastDocument(found, facts, gathered, traffic), ...(known && { record: recordDocument(known) }), ...(explain && { explain }) }, null, 2)}\n`,
    )
  else {
    const { paintFor, widthOf } = await import('../paint.ts')
    const view = { paint: paintFor(io), width: widthOf(io) }
    io.stdout.write(forecastView(found, gathered, traffic, view))
    const lines = known ? recordLines(known, view) : []
    if (lines.length > 0) io.stdout.write(`\n${lines.join('\n')}\n`)
  }
  if (known?.isNew !== undefined)
    io.stderr.write(
      `tlsunset: ${known.isNew ? 'the decision of today is on record' : 'the decision of today was on record already'}\n`,
    )
  if (explain && !flags.json) io.stdout.write(`\n${explainText(explain)}`)
  if (gathered.faults[0]) return exitCodes[gathered.faults[0].kind]
  if (found.decision.go === null) return exitCodes.undecided
  return found.decision.go ? exitCodes.ok : exitCodes.findings
}

/** What goes on record is the decision of today, as the retirement file has it agreed: no other window, floor or count. */
function checkRecord(args: readonly string[], flags: FlagValues): void {
  const other = ['floor', 'from', 'to', 'with-junk'].find(name => flags[name] !== undefined)
  if (args.length === 0 && other === undefined && flags.config !== undefined) return
  throw new Fault(
    'usage',
    'record',
    args.length > 0
      ? '--record with files: the store keeps the record'
      : other === undefined
        ? '--record without a retirement file'
        : `--record with --${other}`,
    { hint: 'tlsunset forecast -c retirement.yaml --record' },
  )
}

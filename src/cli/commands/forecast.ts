import { type ExitCode, exitCodes } from '../../base/fault.ts'
import type { Command, FlagValues, Io } from '../command.ts'
import { filesArg, floorHelp, sourceFlags } from '../report/common-flags.ts'

export const command: Command = {
  name: 'forecast',
  summary: 'When it will be over: who is left by their own rhythm, the trend, and go or no go',
  description:
    'An account counts until as many of its own cycles as the retirement file asks for (ready.cleanCycles; 2) have passed without an offer that breaks.\n' +
    'The trend is the middle of the slopes between all days; its range holds 90 times in 100 if things go on as before.\n' +
    'Exit code 0: go; 1: no go; 6: nothing seen.',
  args: [filesArg],
  flags: [{ name: 'floor', value: 'floor', help: floorHelp }, ...sourceFlags],
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
  const { forecast } = await import('../../identify/forecast.ts')
  const { reader } = await import('../../identify/reading.ts')
  const { stackTitles } = await import('../../identify/rhythm.ts')
  const { forecastDocument, forecastView } = await import('../report/forecast.ts')
  const { gathered, all: facts, policy, mended } = await prepareReport(args, flags, io, { hours: true })
  const { explainForecast, explainText } = await import('../report/explain.ts')
  const explain = flags.explain ? explainForecast({ facts, mended }, policy?.ready.cleanCycles ?? 2) : null
  const endMs = policy?.cutoffMs ?? facts.window.toMs
  const found = forecast({
    rows: facts.rows,
    read: reader(facts),
    stackOf: stackTitles(facts),
    nowMs: args.length > 0 ? facts.window.toMs - 1 : io.now(),
    cutoffMs: facts.cutoffMs,
    ready: policy?.ready ?? { maxAccountsThatBreak: 0, cleanCycles: 2 },
    isExempt: account =>
      (facts.exemptions ?? []).some(entry => entry.account === account && entry.untilMs > endMs),
  })
  if (flags.json)
    io.stdout.write(
      `${JSON.stringify({ ...forecastDocument(found, facts, gathered), ...(explain && { explain }) }, null, 2)}\n`,
    )
  else {
    const { paintFor, widthOf } = await import('../paint.ts')
    io.stdout.write(forecastView(found, gathered, { paint: paintFor(io), width: widthOf(io) }))
  }
  if (explain && !flags.json) io.stdout.write(`\n${explainText(explain)}`)
  if (found.decision.go === null) return exitCodes.undecided
  return found.decision.go ? exitCodes.ok : exitCodes.findings
}

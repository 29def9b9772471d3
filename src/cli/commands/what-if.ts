import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import type { Command, FlagValues, Io } from '../command.ts'
import { filesArg, floorHelp, sourceFlags } from '../report/common-flags.ts'

export const command: Command = {
  name: 'what-if',
  summary: 'Replays the hellos of a window against candidate floors',
  description:
    'For each floor: which accounts would break and how much of their traffic, by which clause, and the client stacks behind it.\n' +
    'With --diff, two floors: who breaks under one and not under the other.\n' +
    'Exit code 0: nobody would break under any of the floors; 1: somebody would; 6: nothing seen.',
  args: [filesArg],
  flags: [
    { name: 'floor', value: 'floor', many: true, help: `${floorHelp}; may be given several times` },
    { name: 'diff', help: 'compare the two floors' },
    ...sourceFlags,
  ],
  examples: [
    {
      run: 'tlsunset what-if --floor "TLS 1.2" --floor no-cbc --floor pqc',
      does: 'three candidates over the store',
    },
    {
      run: 'tlsunset what-if --diff --floor "TLS 1.2" --floor "TLS 1.2, suites intermediate" capture.pcap',
      does: 'whom the suites add to those whom the version breaks',
    },
  ],
  run,
}

async function run({ args, flags, io }: { args: string[]; flags: FlagValues; io: Io }): Promise<ExitCode> {
  const { floor: wanted, ...others } = flags
  const names = Array.isArray(wanted) ? wanted : []
  if (flags.diff && names.length !== 2)
    throw new Fault('usage', 'diff', '--diff compares two floors', {
      hint: 'tlsunset what-if --diff --floor "TLS 1.2" --floor "TLS 1.2, suites intermediate"',
    })
  const { difference } = await import('../../identify/what-if.ts')
  const { whatIfDocument, whatIfText } = await import('../report/what-if.ts')
  const kept = args.length === 0 ? await keptByServer(names, others, io) : null
  const { outcomes, gathered, explain } = kept
    ? { ...kept, explain: null }
    : await replayed(names, args, others, io)
  const compared = flags.diff ? difference(outcomes[0]!, outcomes[1]!) : null
  if (flags.json)
    io.stdout.write(
      `${JSON.stringify({ ...whatIfDocument(outcomes, compared, gathered), ...(explain && { explain }) }, null, 2)}\n`,
    )
  else {
    const { paintFor, widthOf } = await import('../paint.ts')
    io.stdout.write(whatIfText(outcomes, compared, gathered, { paint: paintFor(io), width: widthOf(io) }))
  }
  if (explain && !flags.json) {
    const { explainText } = await import('../report/explain.ts')
    io.stdout.write(`\n${explainText(explain)}`)
  }
  if (gathered.faults[0]) return exitCodes[gathered.faults[0].kind]
  if (outcomes.some(outcome => outcome.wouldBreak > 0)) return exitCodes.findings
  return outcomes[0]!.connections > 0 ? exitCodes.ok : exitCodes.undecided
}

/** The outcomes over files, or over the roll-up where no server keeps it. */
async function replayed(names: readonly string[], files: readonly string[], flags: FlagValues, io: Io) {
  const { prepareReport, factsOf } = await import('../report/prepare.ts')
  const { loadFloor } = await import('../load-policy.ts')
  const { foldDays, whatIf } = await import('../../identify/what-if.ts')
  const floors = names.map(loadFloor)
  const { gathered, facts, mended, policy } = await prepareReport(files, flags, io, {
    names: floors.some(floor => floor.requireSni),
  })
  const rows = foldDays(facts.rows)
  const { explainFloor } = await import('../report/explain.ts')
  const candidates = floors.length > 0 ? floors : [facts.floor]
  const outcomes = candidates.map(floor => {
    const { check } = factsOf(gathered, floor, policy)
    return whatIf({ rows, shapes: facts.shapes, floor, check }, facts.stackOf)
  })
  const explain = flags.explain
    ? candidates.flatMap((floor, i) =>
        explainFloor(
          { facts: { ...facts, ...factsOf(gathered, floor), rows: facts.rows }, mended, gathered },
          outcomes[i]!,
          `floors[${i}]`,
        ),
      )
    : null
  return { outcomes, gathered, explain }
}

async function keptByServer(names: readonly string[], flags: FlagValues, io: Io) {
  const { serverWhatIf } = await import('../report/from-server.ts')
  return serverWhatIf(names, flags, io)
}

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import type { Version } from '../../model/version.ts'
import type { Command, FlagValues, Io } from '../command.ts'
import { type HostChoice, hostFlags, readHostFlags } from '../host/host-flags.ts'

export const command: Command = {
  name: 'host evaluate',
  summary: 'Says which TLS versions each stack of a host offers, and what breaks under a floor',
  description: `Reads what \`host collect\` yields, plain .reg exports, app.config, web.config and machine.config beside them, Linux configuration files, or folders
of hundreds of these. Every answer names the rule that decided; what the documentation contests is answered as unsure.`,
  args: [{ name: 'files', help: 'exports, or folders of them', many: true }],
  flags: [
    ...hostFlags,
    { name: 'facts', value: 'file', help: 'JSON rows of os, stack and inputs instead of exports' },
    {
      name: 'format',
      value: 'format',
      help: 'how the answer is written',
      choices: ['text', 'json', 'csv', 'html'],
      default: 'text',
    },
    { name: 'json', help: 'the same as --format json: a line per host and a summary' },
  ],
  examples: [
    { run: 'tlsunset host evaluate host.reg', does: 'what this machine offers, stack by stack' },
    {
      run: 'tlsunset host evaluate exports/ --format html > fleet.html',
      does: 'a page with the matrix of a fleet',
    },
    {
      run: 'tlsunset host evaluate exports/ -c retirement.yaml --format csv',
      does: 'the floor of your retirement, a line per host',
    },
    {
      run: 'tlsunset host evaluate host.reg --floor "TLS 1.3" --for winhttp',
      does: 'the next retirement, for one stack',
    },
    { run: 'tlsunset host evaluate --facts row.json --json', does: 'one made-up machine' },
  ],
  async run({ args, flags, io }) {
    const choice = await readHostFlags(flags, io)
    if (typeof flags.facts === 'string') return evaluateFacts(flags.facts, choice.floor, flags, io)
    if (args.length === 0)
      throw new Fault('usage', 'no-exports', 'no export is named', {
        hint: 'tlsunset host evaluate host.reg',
      })
    return evaluateExports(args, choice, flags, io)
  },
}

async function evaluateFacts(file: string, floor: Version, flags: FlagValues, io: Io): Promise<ExitCode> {
  const { answerFacts } = await import('../../host/facts.ts')
  const path = resolve(io.cwd, file)
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Fault('input', 'no-such-file', `no such file: ${file}`)
  })
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw new Fault('input', 'bad-facts', `${file} is no JSON: ${(error as Error).message}`)
  }
  const answers = (Array.isArray(document) ? document : [document]).map(row => answerFacts(row, floor))
  if (flags.json || flags.format === 'json')
    io.stdout.write(`${JSON.stringify(Array.isArray(document) ? answers : answers[0], null, 2)}\n`)
  else
    for (const { id, os, tls, maybe, error, breaks, because } of answers)
      io.stdout.write(
        `${[id || os, breaks === 'yes' ? 'breaks' : breaks === 'no' ? 'clear' : 'unsure', [...tls, ...(maybe ?? []).map(name => `${name}?`)].join(' ') || (error ?? 'none'), because].join('  ')}\n`,
      )
  if (answers.length === 0) return exitCodes.undecided
  if (answers.some(answer => answer.breaks === 'yes')) return exitCodes.findings
  return answers.some(answer => answer.breaks === 'maybe') ? exitCodes.undecided : exitCodes.ok
}

async function evaluateExports(
  args: readonly string[],
  { floor, kinds, assumed }: HostChoice,
  flags: FlagValues,
  io: Io,
): Promise<ExitCode> {
  const { readFleet } = await import('../../host/fleet-files.ts')
  const { evaluateHost } = await import('../../host/evaluate.ts')
  const { addHost, startFleet } = await import('../../host/fleet.ts')
  const report = await import('../../host/report-json.ts')
  const { fleetText, hostText } = await import('../../host/report-text.ts')
  const format = flags.json ? 'json' : String(flags.format)
  const fleet = startFleet(floor)
  const write = async (text: string) => {
    if (!io.stdout.write(text)) await new Promise(go => io.stdout.once('drain', go))
  }
  let only: string | undefined
  if (format === 'csv') await write(report.csvHead())
  for await (const item of readFleet(
    args.map(path => resolve(io.cwd, path)),
    assumed,
  )) {
    if (io.signal.aborted) return exitCodes.interrupted
    if ('skip' in item) {
      fleet.skipped.push(item.skip)
      continue
    }
    // What is hypothetical is shown for a single host, and in JSON.
    const onlyReal = format !== 'json' && (format !== 'text' || fleet.hosts > 0)
    const judged = evaluateHost(item.host, floor, kinds, { onlyReal })
    addHost(fleet, judged)
    if (format === 'json') await write(`${JSON.stringify(report.hostJson(judged))}\n`)
    else if (format === 'csv') await write(report.hostCsv(judged, floor))
    else if (format === 'text') only = fleet.hosts === 1 ? hostText(judged, floor) : undefined
  }
  if (format === 'json') await write(`${JSON.stringify(report.fleetJson(fleet))}\n`)
  if (format === 'text')
    await write(only !== undefined && fleet.skipped.length === 0 ? only : fleetText(fleet))
  if (format === 'html') {
    const { fleetHtml } = await import('../../host/report-html.ts')
    await write(fleetHtml(fleet, new Date(io.now()).toISOString()))
  }
  for (const { file, line, reason } of format === 'csv' ? fleet.skipped : [])
    io.stderr.write(`tlsunset: skipped ${file}${line > 0 ? `:${line}` : ''}: ${reason}\n`)
  if (fleet.hosts === 0 && fleet.skipped.length > 0) return exitCodes.input
  if (fleet.byVerdict.breaks > 0) return exitCodes.findings
  return fleet.hosts === 0 || fleet.byVerdict.unsure > 0 ? exitCodes.undecided : exitCodes.ok
}

import type { VerdictKind } from '../model/verdict.ts'
import type { Version } from '../model/version.ts'
import { type Answer, type Breaks, breaksAt, type Warning } from './answer.ts'
import { type Consumer, consumersOf } from './consumers.ts'
import type { HostExport } from './host-export.ts'
import { linuxConsumersOf } from './linux.ts'
import { answerQuestion } from './question.ts'
import type { Problem } from './reg-file.ts'

export interface ConsumerReport {
  id: string
  kind: string
  title: string
  presence: Consumer['presence']
  role: 'client' | 'server'
  answer: Answer
  /** Whether it breaks when the floor rises; for a server, whether no peer at the floor could connect to it. */
  breaks: Breaks
}

export interface HostReport {
  name: string
  file: string
  /** `Windows 7 SP1`; null when the export does not say. */
  os: string | null
  /** `breaks`: a part of the system or a program known to be there breaks. `unsure`: something may. */
  verdict: Exclude<VerdictKind, 'unseen'>
  because: string
  consumers: ConsumerReport[]
  /** Each once, with the consumers it concerns. */
  warnings: (Warning & { consumers: string[] })[]
  blind: string[]
  problems: Problem[]
  moreProblems: number
}

export interface EvaluateOptions {
  /** Leaves out what is hypothetical: it never counts, and costs half of the time. */
  onlyReal?: boolean
}

/** Judges one host for a floor. `kinds`: the consumers that matter; without it all of them, and kinds that only may be there count less. */
export function evaluateHost(
  host: HostExport,
  floor: Version,
  kinds?: readonly string[],
  options: EvaluateOptions = {},
): HostReport {
  const consumers = reportsOf(host, floor, kinds, options).filter(
    consumer => !kinds || kinds.includes(consumer.kind),
  )
  const judged = judge(host, consumers, kinds !== undefined)
  return {
    name: host.name,
    file: host.file,
    os: host.windows?.windows.title ?? host.linux?.release ?? null,
    ...judged,
    consumers,
    warnings: gatherWarnings(consumers),
    blind: host.blind,
    problems: host.problems,
    moreProblems: host.moreProblems,
  }
}

function reportsOf(
  host: HostExport,
  floor: Version,
  kinds: readonly string[] | undefined,
  { onlyReal = false }: EvaluateOptions,
): ConsumerReport[] {
  if (host.linux)
    return linuxConsumersOf(host.linux).map(({ answer, ...consumer }) => ({
      ...consumer,
      role: 'client',
      answer,
      breaks: breaksAt(answer, floor),
    }))
  const { windows } = host
  if (!windows) return []
  const consumers = consumersOf({ ...host, windows }, floor, kinds)
  const counted = onlyReal ? consumers.filter(({ presence }) => presence !== 'hypothetical') : consumers
  return counted.map(({ id, kind, title, presence, question }) => {
    const answer = answerQuestion(windows, question)
    const role = 'role' in question ? question.role : 'client'
    return { id, kind, title, presence, role, answer, breaks: breaksAt(answer, floor) }
  })
}

function judge(
  host: HostExport,
  consumers: readonly ConsumerReport[],
  asked: boolean,
): Pick<HostReport, 'verdict' | 'because'> {
  const clients = consumers.filter(
    consumer => consumer.role === 'client' && consumer.presence !== 'hypothetical',
  )
  const weigh = (consumer: ConsumerReport) => asked || consumer.presence === 'present'
  const broken = clients.filter(consumer => consumer.breaks === 'yes' && weigh(consumer))
  if (broken.length > 0) return { verdict: 'breaks', because: sentence(broken, 'break') }
  const open = clients.filter(consumer => consumer.breaks === 'maybe' && weigh(consumer))
  if (open.length > 0) return { verdict: 'unsure', because: sentence(open, 'may break') }
  if (clients.length === 0)
    return { verdict: 'unsure', because: host.blind[0] ?? 'the export shows none of the consumers asked for' }
  if (host.problems.length > 0)
    return { verdict: 'unsure', because: `line ${host.problems[0]!.line} of the export could not be read` }
  if (host.uncovered.length > 0)
    return { verdict: 'unsure', because: `the export leaves out ${host.uncovered.join(' and ')}` }
  const possible = clients.filter(consumer => consumer.breaks !== 'no')
  if (possible.length > 0)
    return { verdict: 'unsure', because: `${sentence(possible, 'would break')}, if there are any` }
  return { verdict: 'clear', because: `all ${clients.length} consumers reach the floor` }
}

function sentence(consumers: readonly ConsumerReport[], verb: string): string {
  const [first, ...others] = consumers
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${first!.title}${more} ${others.length === 0 && verb === 'break' ? 'breaks' : verb}: ${first!.answer.because}`
}

function gatherWarnings(consumers: readonly ConsumerReport[]): HostReport['warnings'] {
  const found = new Map<string, HostReport['warnings'][number]>()
  for (const consumer of consumers) {
    if (consumer.presence === 'hypothetical') continue
    for (const warning of consumer.answer.warnings) {
      const known = found.get(warning.text)
      if (known) known.consumers.push(consumer.id)
      else found.set(warning.text, { ...warning, consumers: [consumer.id] })
    }
  }
  return [...found.values()]
}

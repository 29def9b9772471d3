import { Fault } from '../../base/fault.ts'
import { nearest } from '../../base/nearest.ts'
import { countText, listText, plural } from '../../base/text.ts'
import { utcDay, utcMinute } from '../../base/time.ts'
import type { RemedyFile } from '../../identify/remedies/remedies.ts'
import { rhythmText, type StackHabit } from '../../identify/rhythm.ts'
import { unattributed } from '../../model/api.ts'
import { suiteOf } from '../../model/iana/suites.ts'
import { type AccountVerdict, type ClientSeen, surelyText } from '../../model/verdict.ts'
import { versionName } from '../../model/version.ts'
import { faultsDocument } from '../faults.ts'
import { wrapText } from '../text-table.ts'
import { accountDocument, clientDocument } from './document.ts'
import { coverageDocument, junkDocument } from './foundations.ts'
import type { Gathered } from './gather.ts'
import { stackHabitDocument } from './rhythms.ts'
import { type View, verdictTone } from './text.ts'

type Remedies = ReadonlyMap<string, RemedyFile>

/** The account of that name, without regard to case. Throws an undecided Fault that names the nearest. */
export function findAccount(accounts: readonly AccountVerdict[], name: string): AccountVerdict {
  const wanted = name.toLowerCase()
  const found =
    accounts.find(entry => (entry.account || unattributed) === name) ??
    accounts.find(entry => entry.account.toLowerCase() === wanted)
  if (found) return found
  const names = accounts.map(entry => entry.account).filter(account => account !== '')
  const meant = nearest(name, names)
  throw new Fault('undecided', 'account-unseen', `no such account was seen: ${name}`, {
    hint: meant ? `tlsunset account ${meant}` : 'tlsunset report lists the accounts',
  })
}

/** What `account --json` prints. */
export function accountAnswer(
  verdict: AccountVerdict,
  clients: readonly ClientSeen[],
  rhythms: readonly StackHabit[],
  gathered: Gathered,
  remedies: Remedies,
) {
  const wanted = new Set(clients.map(client => client.stack.remedy).filter(id => id !== null))
  return {
    ...accountDocument(verdict),
    accounts_by: gathered.accountsBy,
    faults: faultsDocument(gathered.faults),
    junk: junkDocument(gathered.junk),
    coverage: coverageDocument(gathered.coverage),
    clients: clients.map(client => ({
      ...clientDocument(client),
      suites: client.suites.map(id => suiteOf(id)?.name ?? `0x${id.toString(16).padStart(4, '0')}`),
    })),
    old_offers: rhythms.map(stackHabitDocument),
    remedies: [...wanted].flatMap(id => {
      const remedy = remedies.get(id)
      return remedy ? [{ id, title: remedy.title, sections: remedy.sections, sources: remedy.sources }] : []
    }),
  }
}

export function accountText(
  verdict: AccountVerdict,
  clients: readonly ClientSeen[],
  rhythms: readonly StackHabit[],
  remedies: Remedies,
  view: View,
): string {
  const { paint, width } = view
  const name = verdict.account || unattributed
  const exempt = verdict.exemptUntilMs === null ? '' : ` (exempt until ${utcMinute(verdict.exemptUntilMs)})`
  const ways = verdict.attributedBy.filter(({ by }) => by !== '')
  const blocks: string[][] = [
    [
      `${paint.strong(name)}: ${paint[verdictTone(verdict.verdict)](verdict.verdict)}${exempt}`,
      ...wrapText(verdict.because, width),
      ...(ways.length > 0
        ? wrapText(
            `tied to it by ${listText(ways.map(({ by, confidence, connections }) => `${by} (${confidence}) ${countText(connections)}`))}`,
            width,
          )
        : []),
    ],
    ...clients.map((client, i) => clientLines(client, i + 1, view)),
  ]
  if (rhythms.length > 0)
    blocks.push([
      paint.strong('When its old offers come'),
      ...rhythms.flatMap(({ stack, rhythm, hasStopped }) =>
        wrapText(
          `${stack}: ${rhythmText(rhythm, hasStopped)}${hasStopped ? `; not seen since ${utcDay(rhythm.lastMs)}` : ''}`,
          width - 3,
        ).map(line => `   ${line}`),
      ),
    ])
  const wanted = new Set(clients.map(client => client.stack.remedy).filter(id => id !== null))
  for (const id of wanted) {
    const remedy = remedies.get(id)
    if (!remedy) continue
    blocks.push([
      paint.strong(remedy.title),
      ...remedy.sections.flatMap(section => labelled(section.title, section.text, view)),
      ...labelled('Sources', remedy.sources.join(', '), view),
    ])
  }
  if (verdict.blind.length > 0) blocks.push(verdict.blind.flatMap(spot => labelled('blind spot', spot, view)))
  return `${blocks.map(lines => lines.join('\n')).join('\n\n')}\n`
}

function clientLines(client: ClientSeen, number: number, view: View): string[] {
  const { paint } = view
  const mark = client.breaks === null ? '' : ` ${paint.bad(`breaks (${client.breaks})`)}`
  const { stack } = client
  const negotiated = client.negotiated.map(
    ({ version, connections }) =>
      `${version === 0 ? 'nothing agreed' : versionName(version)} ${countText(connections)}`,
  )
  const lines = [`${number}. ${paint.strong(surelyText(stack))}${mark}`]
  const fact = (label: string, text: string) => {
    if (text !== '') lines.push(...labelled(label, text, view))
  }
  fact('why', client.because)
  fact('offers', client.offeredMax === 0 ? 'not seen' : `up to ${versionName(client.offeredMax)}`)
  fact('got', listText(negotiated))
  fact(
    'seen',
    `${plural(client.counts.connections, 'time')} from ${plural(client.addresses, 'address', 'addresses')}, ${utcMinute(client.firstSeenMs)} to ${utcMinute(client.lastSeenMs)}`,
  )
  fact('ja4', client.ja4)
  fact('agents', client.userAgents.slice(0, 5).join(' | '))
  fact('could be', stack.also.slice(0, 5).join(' | '))
  fact('to be sure', stack.check ?? '')
  return lines
}

function labelled(label: string, text: string, { paint, width }: View): string[] {
  return wrapText(text, width - 17).map(
    (line, i) => `   ${paint.faint((i === 0 ? label : '').padEnd(12))}  ${line}`,
  )
}

import { durationText } from '../../base/duration.ts'
import { countText, listText, percentText, plural } from '../../base/text.ts'
import { utcMinute } from '../../base/time.ts'
import type { AccountDetail } from '../../model/api.ts'
import { inForce, type Moment, schedule } from '../../model/schedule.ts'
import type { Attributed } from '../../model/verdict.ts'
import { versionName } from '../../model/version.ts'
import { account as detail, nowMs, policy, session, trouble } from '../live.ts'
import { Alarms } from '../parts/alarms.tsx'
import { Card, Empty, Waiting } from '../parts/card.tsx'
import { Client } from '../parts/client.tsx'
import { ExemptUntil } from '../parts/exemption.tsx'
import { Hours } from '../parts/hours.tsx'
import { Time, VerdictMark } from '../parts/marks.tsx'
import { Share } from '../parts/share.tsx'
import { day, moment as momentText, relative } from '../text.ts'

/** One customer: what their clients do, when, what will happen to them and what to change. Shows nobody else. */
export function AccountPage({ account }: { account: string }) {
  const known = detail.value
  const missing = trouble.value?.status === 404
  return (
    <div class="account">
      {session.value.of === 'operator' && (
        <p class="crumb">
          <a href="#/">← All customers</a>
        </p>
      )}
      {missing ? (
        <Empty title={`No customer is called “${account}”`}>{trouble.value?.hint}</Empty>
      ) : known === undefined ? (
        <>
          <Alarms />
          <h1>{account}</h1>
          <Waiting lines={6} />
        </>
      ) : (
        <>
          <Alarms />
          <Known known={known} />
        </>
      )}
    </div>
  )
}

function Known({ known }: { known: AccountDetail }) {
  const { account } = known
  const floor = policy.value?.policy.floor.next.title ?? 'the next floor'
  const at = nowMs.value
  const clients = known.clients.toSorted(
    (a, b) =>
      Number(b.breaks !== null) - Number(a.breaks !== null) || b.counts.connections - a.counts.connections,
  )
  return (
    <>
      <header class="account-head">
        <h1>{account.account || 'Unattributed traffic'}</h1>
        <VerdictMark kind={account.verdict} />
        <span class="account-tools">
          {account.account !== '' && (
            <a
              href={`/v1/accounts/${encodeURIComponent(account.account)}/audit?format=csv`}
              download={`${account.account}.csv`}
            >
              Log as CSV
            </a>
          )}
          <button type="button" onClick={() => print()}>
            Print
          </button>
        </span>
      </header>
      <p class="account-because">{account.because}</p>
      <dl class="numbers">
        <Figure name="connections" value={countText(account.counts.connections)} />
        <Figure
          name="would break"
          value={countText(account.counts.wouldBreak)}
          note={
            account.counts.connections > 0
              ? percentText(account.counts.wouldBreak / account.counts.connections)
              : undefined
          }
        />
        <Figure name="refused" value={countText(account.counts.refused)} />
        <Figure
          name="last old offer"
          value={account.lastBreakingMs > 0 ? relative(account.lastBreakingMs, at) : 'none'}
        />
      </dl>
      <div class="grid halves">
        <Card title="What will happen">
          <Outlook known={known} />
        </Card>
        <Card title="When in the week" note={<span class="quiet">UTC</span>}>
          <Hours {...known.hours} />
          <p class="legend">
            <i class="key old-key" /> would break <i class="key good-key" /> passes
          </p>
        </Card>
      </div>
      {known.rhythms.length > 0 && (
        <Card title="When their old offers come" note={<span class="quiet">by client stack</span>}>
          <Rhythms known={known} />
        </Card>
      )}
      <h2 class="part">{plural(clients.length, 'client')}</h2>
      {clients.length === 0 && <Empty title="No client was seen in the window" />}
      {clients.map(client => (
        <Client
          key={`${client.shape} ${client.ja4} ${client.stack.id} ${client.userAgents[0] ?? ''}`}
          client={client}
          remedy={client.stack.remedy === null ? undefined : known.remedies[client.stack.remedy]}
          floor={floor}
        />
      ))}
      <div class="grid halves">
        <Card title="Operations">
          <Operations known={known} />
        </Card>
        <Card title="Latest refusals">
          <LatestRefusals known={known} />
        </Card>
      </div>
      {session.value.of === 'operator' && account.account !== '' && (
        <Share key={account.account} account={account.account} />
      )}
      <p class="foot">
        As of {utcMinute(at)}. {attributionText(account.attributedBy)}
        {account.blind.length > 0 && `The sources cannot see: ${account.blind.join('; ')}.`}
      </p>
    </>
  )
}

/** `Tied to this customer by sni (certain, 900 connections).`; nothing for traffic of no account. */
function attributionText(ways: readonly Attributed[]): string {
  const tied = ways.filter(({ confidence }) => confidence !== 'none')
  if (tied.length === 0) return ''
  return `Tied to this customer by ${listText(tied.map(({ by, confidence, connections }) => `${by} (${confidence}, ${plural(connections, 'connection')})`))}. `
}

function Figure(props: { name: string; value: string; note?: string | undefined }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        {props.value} {props.note !== undefined && <small>{props.note}</small>}
      </dd>
    </div>
  )
}

/** The schedule as this customer meets it. */
function Outlook({ known }: { known: AccountDetail }) {
  const plan = policy.value?.policy
  const at = nowMs.value
  if (!plan) return <Waiting lines={3} />
  const { account } = known
  const breaks = account.verdict === 'breaks'
  const until = account.exemptUntilMs
  const isExempt = (atMs: number) => until !== null && atMs < until
  const moments = schedule(plan).filter(
    moment =>
      !moment.frozen &&
      (moment.kind === 'brownout' ||
        moment.kind === 'cutoff' ||
        (moment.kind === 'exemption-ends' && moment.account === account.account)) &&
      (moment.toMs ?? moment.fromMs) > at,
  )
  const force = inForce(plan, at)
  return (
    <>
      <p class="outlook-now">
        {account.verdict === 'clear'
          ? 'Nothing changes for this customer: every client seen passes the next floor.'
          : force.floor === 'next' && !isExempt(at) && breaks
            ? 'Their old clients are refused now.'
            : isExempt(at)
              ? 'Let in by an exemption.'
              : breaks
                ? 'Their old clients are let in now.'
                : 'Too little is known to say what they will meet.'}{' '}
        {until !== null && <ExemptUntil untilMs={until} />}
      </p>
      {moments.length > 0 && (
        <ol class="schedule">
          {moments.slice(0, 6).map(moment => (
            <li key={`${moment.kind} ${moment.fromMs}`} class={`${moment.kind} coming`}>
              <Time atMs={moment.fromMs}>{momentText(moment.fromMs, at)}</Time>
              <span>
                <b>{moment.kind === 'exemption-ends' ? 'Exemption ends' : moment.title}</b>
                {moment.toMs !== null && ` for ${durationText(moment.toMs - moment.fromMs)}`}
              </span>
              <span class="schedule-state">{met(moment, breaks, isExempt)}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

function met(moment: Moment, breaks: boolean, isExempt: (atMs: number) => boolean): string {
  if (!breaks) return 'passes'
  if (moment.kind === 'exemption-ends') return 'old clients are refused from then on'
  return isExempt(moment.fromMs) ? 'exempt' : 'old clients are refused'
}

function Rhythms({ known }: { known: AccountDetail }) {
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Client stack</th>
          <th scope="col">Rhythm</th>
          <th scope="col">Ready</th>
        </tr>
      </thead>
      <tbody>
        {known.rhythms.map(({ stack, text, hasStopped }) => (
          <tr key={stack}>
            <th scope="row">{stack}</th>
            <td>{text}</td>
            <td>{hasStopped ? 'clean for long enough' : 'not yet'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Operations({ known }: { known: AccountDetail }) {
  const at = nowMs.value
  if (known.operations.length === 0)
    return (
      <Empty title="Operations are not known">
        Only a source that sees inside the connection knows them: an access log, or a gateway that terminates
        TLS.
      </Empty>
    )
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Operation</th>
          <th scope="col" class="number">
            Connections
          </th>
          <th scope="col" class="number">
            Would break
          </th>
          <th scope="col">Last</th>
        </tr>
      </thead>
      <tbody>
        {known.operations.map(seen => (
          <tr key={seen.operation}>
            <th scope="row">{seen.operation}</th>
            <td class="number">{countText(seen.connections)}</td>
            <td class="number">{countText(seen.wouldBreak)}</td>
            <td>
              <Time atMs={seen.lastSeenMs}>{relative(seen.lastSeenMs, at)}</Time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function LatestRefusals({ known }: { known: AccountDetail }) {
  const at = nowMs.value
  if (known.refusals.length === 0) return <Empty title="Never refused" />
  return (
    <ol class="refusal-list">
      {known.refusals.slice(0, 8).map(refusal => (
        <li key={refusal.id}>
          <span class="refusal-who">
            <span>
              {day(refusal.atMs, at)}, offered at most {versionName(refusal.offeredMax)}
            </span>
            <Time atMs={refusal.atMs}>{momentText(refusal.atMs, at)}</Time>
          </span>
          <span class="refusal-from">
            <span>clause {refusal.clause}</span>
            <span>{refusal.sni || 'no server name'}</span>
            <span>{refusal.address}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}

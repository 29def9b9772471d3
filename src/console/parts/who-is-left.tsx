import { computed, signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { countText, percentText, plural } from '../../base/text.ts'
import { unattributed } from '../../model/api.ts'
import type { AccountVerdict, VerdictKind } from '../../model/verdict.ts'
import { type Version, versionName } from '../../model/version.ts'
import { nowMs, report } from '../live.ts'
import { accountHref } from '../route.ts'
import { relative, stackName, verdictMeanings, verdictNames } from '../text.ts'
import { Card, Empty, Waiting } from './card.tsx'
import { ExemptUntil } from './exemption.tsx'
import { Time, VerdictMark } from './marks.tsx'

type Column = 'account' | 'verdict' | 'offers' | 'breaking' | 'seen' | 'exempt'

const kinds: VerdictKind[] = ['breaks', 'unsure', 'unseen', 'clear']
const chosenKinds = signal<ReadonlySet<VerdictKind>>(new Set(['breaks', 'unsure', 'unseen']))
const words = signal('')
const order = signal<{ by: Column; isDown: boolean }>({ by: 'verdict', isDown: true })
const shownRows = signal(100)

const matching = computed(() => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean)
  return (report.value?.accounts ?? []).filter(
    account => chosenKinds.value.has(account.verdict) && wanted.every(word => textOf(account).includes(word)),
  )
})

const rows = computed(() => {
  const { by, isDown } = order.value
  const sorted = matching.value.toSorted(
    (a, b) => compare[by](a, b) || b.counts.wouldBreak - a.counts.wouldBreak,
  )
  return isDown ? sorted : sorted.reverse()
})

/** What comes first when the arrow points down: what asks for attention. */
const compare: Record<Column, (a: AccountVerdict, b: AccountVerdict) => number> = {
  account: (a, b) => a.account.localeCompare(b.account),
  verdict: (a, b) =>
    kinds.indexOf(a.verdict) - kinds.indexOf(b.verdict) || b.lastBreakingMs - a.lastBreakingMs,
  offers: (a, b) => offered(a) - offered(b),
  breaking: (a, b) => b.counts.wouldBreak - a.counts.wouldBreak,
  seen: (a, b) => b.lastSeenMs - a.lastSeenMs,
  exempt: (a, b) =>
    (a.exemptUntilMs ?? Number.MAX_SAFE_INTEGER) - (b.exemptUntilMs ?? Number.MAX_SAFE_INTEGER),
}

/** The table that matters: who is left, why, with which client, since when. */
export function WhoIsLeft() {
  const search = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const known = report.value
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return
      event.preventDefault()
      search.current?.focus()
    }
    addEventListener('keydown', jump)
    return () => removeEventListener('keydown', jump)
  }, [])

  return (
    <Card
      title="Who is left"
      class="who"
      tools={
        <div class="who-tools">
          <Kinds />
          <input
            ref={search}
            type="search"
            placeholder="Filter: name, stack, clause"
            aria-label="Filter the table"
            title="Press / to come here"
            value={words.value}
            onInput={event => {
              words.value = event.currentTarget.value
            }}
            onKeyDown={event => {
              if (event.key === 'ArrowDown') links(body.current)[0]?.focus()
              if (event.key === 'Escape') words.value = ''
            }}
          />
        </div>
      }
    >
      {known === undefined ? (
        <Waiting lines={6} />
      ) : rows.value.length === 0 ? (
        <None />
      ) : (
        <table class="who-table">
          <caption class="hidden">
            {plural(rows.value.length, 'customer')} shown. Arrow keys move between rows, Enter opens one.
          </caption>
          <thead>
            <tr>
              <Head by="account">Customer</Head>
              <Head by="verdict">Verdict</Head>
              <th scope="col">Because</th>
              <Head by="offers">Weakest offer</Head>
              <Head by="breaking" class="number">
                Would break
              </Head>
              <Head by="seen">Last seen</Head>
              <Head by="exempt">Exemption</Head>
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={walk}>
            {rows.value.slice(0, shownRows.value).map(account => (
              <Row key={account.account} account={account} />
            ))}
          </tbody>
        </table>
      )}
      {rows.value.length > shownRows.value && (
        <p class="more">
          <button
            type="button"
            onClick={() => {
              shownRows.value *= 4
            }}
          >
            Show more of {countText(rows.value.length)}
          </button>
        </p>
      )}
    </Card>
  )
}

function Kinds() {
  return (
    <fieldset class="kinds">
      <legend class="hidden">Verdicts to show</legend>
      {kinds.map(kind => {
        const count = report.value?.accounts.filter(account => account.verdict === kind).length
        return (
          <button
            key={kind}
            type="button"
            class={`chip ${kind}`}
            aria-pressed={chosenKinds.value.has(kind)}
            title={verdictMeanings[kind]}
            onClick={() => {
              const chosen = new Set(chosenKinds.value)
              if (!chosen.delete(kind)) chosen.add(kind)
              chosenKinds.value = chosen
            }}
          >
            {verdictNames[kind]} {count !== undefined && <b>{count}</b>}
          </button>
        )
      })}
    </fieldset>
  )
}

function Head(props: { by: Column; class?: string; children: string }) {
  const { by, isDown } = order.value
  const isOrder = by === props.by
  return (
    <th
      scope="col"
      class={props.class}
      aria-sort={isOrder ? (isDown ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        class="sort"
        onClick={() => {
          order.value = { by: props.by, isDown: isOrder ? !isDown : true }
        }}
      >
        {props.children}
        <svg viewBox="0 0 8 10" aria-hidden="true" focusable="false">
          <path d={isOrder && !isDown ? 'M4 2 7 7H1z' : 'M4 8 1 3h6z'} />
        </svg>
      </button>
    </th>
  )
}

function Row({ account }: { account: AccountVerdict }) {
  const at = nowMs.value
  const row = useRef<HTMLTableRowElement>(null)
  const before = useRef(account.counts.connections)
  useEffect(() => {
    if (before.current === account.counts.connections) return
    before.current = account.counts.connections
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (!isStill)
      row.current?.animate([{ backgroundColor: 'var(--flash)' }, {}], { duration: 900, easing: 'ease-out' })
  }, [account.counts.connections])
  const { counts, stacks } = account
  return (
    <tr ref={row} class={account.verdict}>
      <th scope="row">
        <a href={accountHref(account.account || unattributed)}>{account.account || unattributed}</a>
        {stacks.length > 0 && (
          <span class="row-note">
            {stackName(stacks[0]!)}
            {stacks.length > 1 && ` and ${plural(stacks.length - 1, 'other')}`}
          </span>
        )}
      </th>
      <td data-label="Verdict">
        <VerdictMark kind={account.verdict} />
      </td>
      <td class="because" data-label="Because">
        {account.because}
      </td>
      <td data-label="Weakest offer">
        {offered(account) > 0 ? versionName(offered(account)) : <span class="none">unknown</span>}
      </td>
      <td class="number" data-label="Would break">
        {counts.wouldBreak > 0 ? (
          <>
            {countText(counts.wouldBreak)}
            <span class="row-note">{percentText(counts.wouldBreak / counts.connections)} of theirs</span>
          </>
        ) : (
          <span class="none">0</span>
        )}
      </td>
      <td data-label="Last seen">
        {account.lastBreakingMs > 0 ? (
          <Time atMs={account.lastBreakingMs}>{relative(account.lastBreakingMs, at)}</Time>
        ) : account.lastSeenMs > 0 ? (
          <Time atMs={account.lastSeenMs}>{relative(account.lastSeenMs, at)}</Time>
        ) : (
          <span class="none">never</span>
        )}
        {counts.refused > 0 && <span class="row-note refused-note">{countText(counts.refused)} refused</span>}
      </td>
      <td data-label="Exemption">
        <ExemptUntil untilMs={account.exemptUntilMs} />
      </td>
    </tr>
  )
}

function None() {
  const known = report.value!
  if (known.totals.connections === 0)
    return (
      <Empty title="No data yet">
        Nothing was seen in the window, so nobody can be called ready. Check the sources below.
      </Empty>
    )
  if (words.value !== '')
    return <Empty title={`Nobody matches “${words.value}”`}>Escape clears the filter.</Empty>
  return (
    <Empty title="Nobody is left">
      All {plural(known.totals.accounts, 'customer')} seen in the window pass the next floor. Choose Clear to
      see them.
    </Empty>
  )
}

function walk(event: KeyboardEvent & { currentTarget: HTMLTableSectionElement }) {
  const all = links(event.currentTarget)
  const at = all.indexOf(document.activeElement as HTMLAnchorElement)
  const to: Record<string, number> = {
    ArrowDown: at + 1,
    j: at + 1,
    ArrowUp: at - 1,
    k: at - 1,
    Home: 0,
    End: all.length - 1,
  }
  const target = to[event.key]
  if (target === undefined || at < 0) return
  event.preventDefault()
  all[Math.min(all.length - 1, Math.max(0, target))]?.focus()
}

function links(body: HTMLElement | null): HTMLAnchorElement[] {
  return [...(body?.querySelectorAll<HTMLAnchorElement>('th a') ?? [])]
}

/** The highest version that its weakest client offered; 0 when no source saw it. */
function offered(account: AccountVerdict): Version {
  return account.offeredMax ?? 0
}

function textOf(account: AccountVerdict): string {
  return [
    account.account,
    account.because,
    ...account.clauses,
    ...account.stacks.map(stack => stack.title),
    versionName(offered(account)),
  ]
    .join(' ')
    .toLowerCase()
}

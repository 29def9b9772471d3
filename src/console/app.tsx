import { useEffect, useRef } from 'preact/hooks'
import { link, nowMs, policy, session, summary } from './live.ts'
import { AccountPage } from './pages/account.tsx'
import { Overview } from './pages/overview.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { Brand } from './parts/marks.tsx'
import { type Page, route } from './route.ts'
import { clock } from './text.ts'

export function App() {
  const page: Page =
    session.value.of === 'account' ? { page: 'account', account: session.value.account } : route.value
  const main = useRef<HTMLElement>(null)
  const key = page.page === 'account' ? page.account : ''
  const first = useRef(true)
  // Who follows a link by keyboard or hears the page goes on reading at its start.
  useEffect(() => {
    if (first.current) first.current = false
    else main.current?.focus()
  }, [page.page, key])
  useEffect(() => {
    const name = page.page === 'account' ? page.account : (policy.value?.policy.retirement ?? '')
    document.title = name ? `${name} · tlsunset` : 'tlsunset'
  }, [page.page, key, policy.value?.policy.retirement])

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <Top />
      <main id="main" tabIndex={-1} ref={main}>
        {link.value === 'signed-out' ? (
          <SignIn />
        ) : page.page === 'account' ? (
          <AccountPage account={page.account} />
        ) : (
          <Overview />
        )}
      </main>
    </>
  )
}

const linkTexts = {
  connecting: 'connecting',
  live: 'live',
  lost: 'reconnecting',
  'signed-out': 'signed out',
}

function Top() {
  const plan = policy.value?.policy
  const brand = (
    <>
      <Brand />
      <span>tlsunset</span>
    </>
  )
  return (
    <header class="top">
      {session.value.of === 'account' ? (
        <span class="brand">{brand}</span>
      ) : (
        <a class="brand" href="#/" aria-label="tlsunset, to the overview">
          {brand}
        </a>
      )}
      {plan && (
        <p class="top-what">
          <strong>{plan.retirement}</strong>
          <span>{plan.service.names.join(', ')}</span>
        </p>
      )}
      <p class="top-state">
        {summary.value?.hasSampleData && <span class="tag sample">sample history</span>}
        <span class={`link ${link.value}`} role="status">
          {linkTexts[link.value]}
        </span>
        <span class="top-clock">{clock(nowMs.value)} UTC</span>
      </p>
    </header>
  )
}

import { useEffect, useRef } from 'preact/hooks'
import { link, nowMs, summary } from './live.ts'
import { AccountPage } from './pages/account.tsx'
import { Overview } from './pages/overview.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { Brand } from './parts/marks.tsx'
import { route } from './route.ts'
import { clock } from './text.ts'

export function App() {
  const page = route.value
  const main = useRef<HTMLElement>(null)
  const key = page.page === 'account' ? page.account : ''
  const first = useRef(true)
  // Who follows a link by keyboard or hears the page goes on reading at its start.
  useEffect(() => {
    if (first.current) first.current = false
    else main.current?.focus()
  }, [page.page, key])
  useEffect(() => {
    const name = page.page === 'account' ? page.account : (summary.value?.retirement ?? '')
    document.title = name ? `${name} · tlsunset` : 'tlsunset'
  }, [page.page, key, summary.value?.retirement])

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
  const known = summary.value
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="tlsunset, to the overview">
        <Brand />
        <span>tlsunset</span>
      </a>
      {known && (
        <p class="top-what">
          <strong>{known.retirement}</strong>
          <span>{known.service}</span>
        </p>
      )}
      <p class="top-state">
        {known?.hasSampleData && <span class="tag sample">sample history</span>}
        <span class={`link ${link.value}`} role="status">
          {linkTexts[link.value]}
        </span>
        <span class="top-clock">{clock(nowMs.value)} UTC</span>
      </p>
    </header>
  )
}

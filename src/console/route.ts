import { signal } from '@preact/signals'

export type Page = { page: 'overview' } | { page: 'account'; account: string }

/** Where the reader is; the fragment of the address, so that nothing about customers reaches a log on the way. */
export const route = signal<Page>(parse(location.hash))

addEventListener('hashchange', () => {
  const before = route.value.page
  route.value = parse(location.hash)
  if (route.value.page !== before) scrollTo(0, 0)
})

/** The address of an account's page. */
export function accountHref(account: string): string {
  return `#/accounts/${encodeURIComponent(account)}`
}

/** Reads the token out of the address the server printed and removes it from the address bar and the history. */
export function takeToken(): string | null {
  const token = /^#token=([\w-]+)/.exec(location.hash)?.[1]
  if (token === undefined) return null
  history.replaceState(null, '', `${location.pathname}#/`)
  return token
}

function parse(hash: string): Page {
  const account = /^#\/accounts\/([^?]+)/.exec(hash)?.[1]
  try {
    if (account !== undefined) return { page: 'account', account: decodeURIComponent(account) }
  } catch {
    // An address with a broken escape shows the overview.
  }
  return { page: 'overview' }
}

import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { nameMatches } from '../../model/attribution.ts'
import type { GatewaySettings } from '../../model/policy.ts'

/** Where connections go, with the addresses its name has at the moment. */
export interface Upstream {
  host: string
  port: number
  proxyProtocol: 'none' | 'v2'
  /** Tried in order, beginning with another one for each connection. */
  addresses: string[]
  next: number
  /** While nothing is known yet: ends when the name has been looked up. */
  lookingUp: Promise<void> | null
  /** Why the last look-up failed; empty when it did not. */
  trouble: string
  /** None of its addresses took the last connection. */
  isSilent: boolean
}

export interface Upstreams {
  /** First match of the policy; null when no pattern fits. `sni` null is a hello without a name, which only `*` fits. */
  route(sni: string | null): Upstream | null
  all: readonly Upstream[]
  stop(): void
}

const refreshMs = 30_000
const retryMs = 2_000

/**
 * Names are looked up ahead of connections and again every 30 s; a look-up that fails keeps the addresses known before. `before`: what held until
 * now, so that a changed file does not forget addresses.
 */
export function openUpstreams(settings: GatewaySettings['upstreams'], before?: Upstreams): Upstreams {
  const timers = new Set<NodeJS.Timeout>()
  let stopped = false

  const routes = settings.map(({ sni, to, proxyProtocol }) => {
    const known = before?.all.find(upstream => upstream.host === to.host)?.addresses ?? []
    const upstream: Upstream = {
      ...to,
      proxyProtocol,
      addresses: isIP(to.host) ? [to.host] : known,
      next: 0,
      lookingUp: null,
      trouble: '',
      isSilent: false,
    }
    if (!isIP(to.host)) {
      const first = refresh(upstream).then(() => {
        upstream.lookingUp = null
      })
      if (known.length === 0) upstream.lookingUp = first
    }
    return { sni, upstream }
  })

  async function refresh(upstream: Upstream): Promise<void> {
    try {
      const found = await lookup(upstream.host, { all: true })
      upstream.addresses = found.map(each => each.address)
      upstream.trouble = ''
    } catch (cause) {
      upstream.trouble = `cannot look up ${upstream.host}: ${(cause as NodeJS.ErrnoException).code}`
    }
    if (stopped) return
    const again = () => {
      timers.delete(timer)
      void refresh(upstream)
    }
    const timer = setTimeout(again, upstream.trouble === '' ? refreshMs : retryMs).unref()
    timers.add(timer)
  }

  return {
    route: sni =>
      routes.find(route => route.sni === '*' || (sni !== null && nameMatches(route.sni, sni)))?.upstream ??
      null,
    all: routes.map(route => route.upstream),
    stop() {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** Addresses for one connection, each at most once; several take turns. */
export function turn(upstream: Upstream): string[] {
  const { addresses } = upstream
  if (addresses.length < 2) return addresses
  const from = upstream.next++ % addresses.length
  return [...addresses.slice(from), ...addresses.slice(0, from)]
}

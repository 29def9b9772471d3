import { existsSync } from 'node:fs'
import { Fault } from '../../base/fault.ts'
import type { AccountToken, IssuedToken } from '../../model/api.ts'
import { parseLocation } from '../../store/location.ts'
import { askServer } from '../ask-server.ts'
import type { FlagValues, Io } from '../command.ts'

/** What the commands of tokens ask for, of the server that holds the store or of the store itself. */
export interface Tokens {
  issue(asked: { account: string; days: number }): Promise<IssuedToken>
  revoke(id: string): Promise<AccountToken>
  list(): Promise<AccountToken[]>
}

/** Throws Faults: input when there is no store, environment when another process holds it. */
export async function withTokens<T>(
  flags: FlagValues,
  io: Io,
  work: (tokens: Tokens) => Promise<T>,
): Promise<T> {
  const location = parseLocation(flags.store as string | undefined, io)
  if (location.kind === 'directory') {
    if (!existsSync(location.path))
      throw new Fault('input', 'no-store', `there is no store at ${location.path}`, {
        hint: 'tlsunset ingest FILE fills one; tlsunset serve -c retirement.yaml starts one',
      })
    const asked = <A>(path: string, body?: object) => askServer<A>(location.path, path, io.signal, body)
    const found = await asked<{ tokens: AccountToken[] }>('/v1/tokens')
    if (found)
      return work({
        issue: async body => (await asked<IssuedToken>('/v1/tokens', body))!,
        revoke: async id => (await asked<AccountToken>(`/v1/tokens/${encodeURIComponent(id)}/revoke`, {}))!,
        list: async () => found.tokens,
      })
  }
  const { openStore } = await import('../../store/store.ts')
  const { accountTokens } = await import('../../server/account-tokens.ts')
  const store = await openStore(location)
  try {
    const tokens = accountTokens(store, io.now)
    const actor = 'command line'
    return await work({
      issue: asked => tokens.issue({ ...asked, actor }),
      revoke: id => tokens.revoke(id, actor),
      list: tokens.list,
    })
  } finally {
    await store.close()
  }
}

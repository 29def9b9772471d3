import { exitCodes } from '../../base/fault.ts'
import { utcDay } from '../../base/time.ts'
import type { Command } from '../command.ts'
import { storeFlag } from '../store-flag.ts'

export const command: Command = {
  name: 'token list',
  summary: 'The tokens of accounts: since when, until when, ended or not',
  flags: [storeFlag, { name: 'json', help: 'one JSON document' }],
  examples: [{ run: 'tlsunset token list', does: 'who can read their own log' }],
  async run({ flags, io }) {
    const { withTokens } = await import('../token/with-tokens.ts')
    const { textTable } = await import('../text-table.ts')
    const { widthOf } = await import('../paint.ts')
    const found = await withTokens(flags, io, tokens => tokens.list())
    const stateOf = ({ revokedMs, untilMs }: (typeof found)[number]) =>
      revokedMs !== null ? 'revoked' : untilMs <= io.now() ? 'over' : 'valid'
    const isoTime = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString())
    if (flags.json) {
      const tokens = found.map(token => ({
        id: token.id,
        account: token.account,
        state: stateOf(token),
        issued: isoTime(token.issuedMs),
        until: isoTime(token.untilMs),
        revoked: isoTime(token.revokedMs),
      }))
      io.stdout.write(`${JSON.stringify({ tokens }, null, 2)}\n`)
      return exitCodes.ok
    }
    if (found.length === 0) io.stderr.write('tlsunset: no token was issued yet\n')
    else
      io.stdout.write(
        `${textTable(
          [
            { title: 'id' },
            { title: 'account' },
            { title: 'state' },
            { title: 'issued' },
            { title: 'until' },
          ],
          found.map(token => [
            token.id,
            token.account,
            stateOf(token),
            utcDay(token.issuedMs),
            utcDay(token.untilMs),
          ]),
          widthOf(io),
        ).join('\n')}\n`,
      )
    return exitCodes.ok
  },
}

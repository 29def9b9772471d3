import { exitCodes } from '../../base/fault.ts'
import type { Command } from '../command.ts'
import { storeFlag } from '../store-flag.ts'

export const command: Command = {
  name: 'token revoke',
  summary: 'Ends the token of an account, and every session that was opened with it',
  args: [{ name: 'id', help: 'as token list shows it', required: true }],
  flags: [storeFlag],
  examples: [{ run: 'tlsunset token revoke 3f9c2a7b10de', does: 'a running server knows within seconds' }],
  async run({ args, flags, io }) {
    const { withTokens } = await import('../token/with-tokens.ts')
    const { id, account } = await withTokens(flags, io, tokens => tokens.revoke(args[0]!))
    io.stderr.write(`tlsunset: token ${id} of ${account} is revoked\n`)
    return exitCodes.ok
  },
}

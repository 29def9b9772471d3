import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import { utcDay } from '../../base/time.ts'
import type { Command, FlagValues, Io } from '../command.ts'
import { storeFlag } from '../store-flag.ts'

export const command: Command = {
  name: 'token issue',
  summary: 'A token for one account: its own page of the console, and its audit log over HTTP',
  description:
    'The token opens GET /v1/accounts/NAME/audit and the page of that account, and nothing else. It is printed this once; the store keeps its hash.\n' +
    'As a link: the address of the console, then #token= and the token. A browser keeps what follows # to itself.',
  flags: [
    { name: 'account', value: 'name', help: 'the account, as report lists it' },
    { name: 'days', value: 'n', default: '90', help: 'how long it is valid' },
    storeFlag,
    { name: 'json', help: 'one JSON document' },
  ],
  examples: [
    { run: 'tlsunset token issue --account contoso', does: 'for 90 days' },
    {
      run: 'curl -H "Authorization: Bearer $(tlsunset token issue --account contoso)" https://tls.example.com/v1/accounts/contoso/audit?format=csv',
      does: 'what its owner does with it',
    },
  ],
  run,
}

async function run({ flags, io }: { flags: FlagValues; io: Io }): Promise<ExitCode> {
  const { account } = flags
  if (typeof account !== 'string')
    throw new Fault('usage', 'account', 'which account?', { hint: 'tlsunset token issue --account NAME' })
  const days = Number(flags.days)
  if (!Number.isFinite(days))
    throw new Fault('usage', 'token-days', `--days ${flags.days} is no number`, { hint: '--days 90' })
  const { withTokens } = await import('../token/with-tokens.ts')
  const issued = await withTokens(flags, io, tokens => tokens.issue({ account, days }))
  if (flags.json) {
    const { id, token, untilMs, seen } = issued
    io.stdout.write(
      `${JSON.stringify({ id, account, seen, until: new Date(untilMs).toISOString(), token })}\n`,
    )
  } else {
    io.stdout.write(`${issued.token}\n`)
    io.stderr.write(
      `tlsunset: token ${issued.id} opens ${account} until ${utcDay(issued.untilMs)}; tlsunset token revoke ${issued.id} ends it\n`,
    )
  }
  if (!issued.seen)
    io.stderr.write(
      `tlsunset: warning: nothing was ever seen of ${account}: is the name right? tlsunset report lists the accounts\n`,
    )
  return exitCodes.ok
}

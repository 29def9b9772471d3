import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import type { Command, FlagValues, Io } from '../command.ts'
import { floorHelp } from '../report/common-flags.ts'

export const command: Command = {
  name: 'audit',
  summary: 'Every connection of one account: which TLS version it used, when, from where, and what to change',
  description:
    'Answers "which TLS version do I use?" from the store: one line per connection that is still kept, oldest first.\n' +
    'Exit code 0: none would break; 1: some would; 6: nothing was seen in the window, or nothing but junk.',
  flags: [
    {
      name: 'account',
      value: 'name',
      help: 'the account, as report lists it; (unattributed) for traffic of none',
    },
    { name: 'json', help: 'one JSON document per line and connection' },
    { name: 'csv', help: 'for a spreadsheet, with the same fields' },
    { name: 'with-junk', help: 'judges what the junk rules set apart too' },
    { name: 'floor', value: 'floor', help: floorHelp },
    { name: 'config', short: 'c', value: 'file', help: 'retirement file: its next floor and junk rules' },
    { name: 'store', value: 'dir|url', help: 'the store to read' },
    { name: 'from', value: 'time', help: 'start of the window, ISO 8601 in UTC' },
    { name: 'to', value: 'time', help: 'end of the window (not included)' },
  ],
  examples: [
    { run: 'tlsunset audit --account contoso', does: 'the last 90 days' },
    {
      run: 'tlsunset audit --account contoso --csv --from 2026-11-01 > contoso.csv',
      does: 'for a spreadsheet',
    },
  ],
  run,
}

async function run({ flags, io }: { flags: FlagValues; io: Io }): Promise<ExitCode> {
  if (typeof flags.account !== 'string')
    throw new Fault('usage', 'account', 'which account?', { hint: 'tlsunset audit --account NAME' })
  if (flags.json && flags.csv)
    throw new Fault('usage', 'format', '--json and --csv together', { hint: 'give one of them' })
  const { printAudit } = await import('../report/audit.ts')
  const { seen, breaking } = await printAudit(flags.account, flags, io)
  if (seen === 0) return exitCodes.undecided
  return breaking > 0 ? exitCodes.findings : exitCodes.ok
}

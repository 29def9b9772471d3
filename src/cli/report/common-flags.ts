import type { Flag } from '../command.ts'

/** Where the commands that judge take their data from; `prepare.ts` reads them. */
export const sourceFlags: readonly Flag[] = [
  {
    name: 'config',
    short: 'c',
    value: 'file',
    help: 'retirement file: its next floor, accounts, exemptions and cutoff',
  },
  {
    name: 'source',
    value: 'id|format',
    help: 'read the files as this source instead of recognising them, or by this log_format of nginx',
  },
  {
    name: 'accounts',
    value: 'how',
    help: 'how accounts come about: user, sni, address, or a pattern such as {account}.example.com',
  },
  { name: 'store', value: 'dir|url', help: 'the store to read when no file is named' },
  { name: 'from', value: 'time', help: 'start of the window, ISO 8601 in UTC' },
  { name: 'to', value: 'time', help: 'end of the window (not included)' },
  {
    name: 'with-junk',
    help: 'counts what the junk rules set apart: scanners, probes, crawlers, and those of the retirement file',
  },
  { name: 'json', help: 'one JSON document' },
  {
    name: 'explain',
    help: 'for each number the query over the roll-up, or the rule, that it comes from',
  },
]

export const filesArg = {
  name: 'files',
  help: 'logs, captures and folders of them, recognised by their content, - for stdin; none: the store',
  many: true,
} as const

export const floorHelp =
  'the floor to judge against: "TLS 1.2", "TLS 1.2, suites intermediate", or a preset of retirements such as no-cbc'

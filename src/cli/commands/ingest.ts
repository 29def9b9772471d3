import type { Command } from '../command.ts'

export const command: Command = {
  name: 'ingest',
  summary: 'Takes logs and captures into the store, each line once',
  description:
    'The kind of a log is known by its content; every line becomes an observation or is skipped and counted with its reason. The same content is\n' +
    'taken in once, under whatever name and however compressed (gz, zst, xz, bz2, lz4); of a log that has grown, or was rotated and packed since,\n' +
    'only what was added. Addresses: https://, s3://bucket/key and azblob://container/blob, the latter two with folders (…/) and patterns; credentials\n' +
    'come from AWS_* and AZURE_STORAGE_*. Broken off by Ctrl-C, kill or a full disk, nothing counts by halves: run it again.\n' +
    'Exit code 0: observations were made; 6: none; 3: a file cannot be read, or is of no kind that is known; 4: an address does not answer;\n' +
    '130: Ctrl-C.',
  args: [
    {
      name: 'files',
      help: 'logs, captures, directories, addresses; - is stdin: a log, or with --source capture a running tcpdump',
      many: true,
    },
  ],
  flags: [
    {
      name: 'source',
      value: 'id|format',
      help: 'the kind of the logs, where it is not to be guessed; or the log_format of nginx that they were written with',
    },
    { name: 'sources', help: 'lists the kinds of logs and what to switch on for each' },
    {
      name: 'config',
      short: 'c',
      value: 'file',
      help: 'retirement file: its rules for accounts; without it, those of the server that holds the store',
    },
    {
      name: 'accounts',
      value: 'how',
      help: 'how accounts come about: user, sni, address, or an SNI pattern such as {account}.example.com',
    },
    {
      name: 'store',
      value: 'dir|url',
      help: 'where observations are kept; TLSUNSET_STORE, or the directory of this user',
    },
    { name: 'follow', help: 'goes on reading what is added, across rotation, until Ctrl-C' },
    { name: 'json', help: 'one JSON document' },
  ],
  examples: [
    {
      run: 'tlsunset ingest /var/log/nginx/access.log*',
      does: 'takes in a log and what rotation left of it',
    },
    { run: 'tlsunset ingest --follow /var/log/haproxy.log', does: 'takes in lines as they come' },
    {
      run: 'tlsunset ingest s3://logs/alb/2026/11/',
      does: 'takes in what is new below a folder of a bucket',
    },
    {
      run: 'tcpdump -U --immediate-mode -w - port 443 | tlsunset ingest --source capture -',
      does: 'takes in what passes by',
    },
  ],
  async run({ args, flags, io }) {
    const { ingest } = await import('../ingest/run.ts')
    return ingest(args, flags, io)
  },
}

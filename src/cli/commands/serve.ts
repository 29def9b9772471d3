import type { ExitCode } from '../../base/fault.ts'
import type { Command, FlagValues, Io } from '../command.ts'

export const command: Command = {
  name: 'serve',
  summary: 'Gateway, store, console and API, in one process tree',
  description:
    'Reads the retirement file and keeps to it as it changes. Ends on Ctrl-C or SIGTERM: the gateway lets open connections end first.\n' +
    'The console listens on this machine only unless --listen says otherwise; its address holds a token and is printed once.',
  flags: [
    {
      name: 'config',
      short: 'c',
      value: 'file',
      help: 'the retirement file (default: retirement.yaml)',
    },
    {
      name: 'store',
      value: 'dir|url',
      help: 'where observations are kept: a directory, or http(s)://user:password@host:8123/database of a ClickHouse server',
    },
    { name: 'listen', value: 'address', help: 'where the console listens (default: 127.0.0.1:7443)' },
    { name: 'demo', help: 'plays a whole retirement through in three minutes, with real clients' },
    { name: 'init', help: 'writes an example retirement file and ends' },
    { name: 'json', help: 'one line of JSON when everything is up, instead of the panel' },
  ],
  examples: [
    {
      run: 'tlsunset serve --demo',
      does: 'a sample service, real TLS clients, a brownout and a cutoff: look first',
    },
    { run: 'tlsunset serve --init', does: 'writes retirement.yaml, ready to be edited' },
    { run: 'tlsunset serve', does: 'serves retirement.yaml' },
    {
      run: 'tlsunset serve -c batch.yaml --store http://tls@clickhouse:8123/tlsunset',
      does: 'keeps observations in a ClickHouse server',
    },
  ],
  run,
}

async function run({ flags, io }: { flags: FlagValues; io: Io }): Promise<ExitCode> {
  const { init, serveFile } = await import('../serve/serve-file.ts')
  if (flags.init) return init(flags.config as string | undefined, io)
  if (!flags.demo) return serveFile(flags, io)
  const { serveDemo } = await import('../serve/serve-demo.ts')
  return serveDemo(flags, io)
}

import { exitCodes } from '../../base/fault.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  name: 'hello',
  summary: 'Every ClientHello, ServerHello and alert in a capture, with JA3, JA4 and the versions offered',
  description:
    'Reads pcap and pcapng, also in gzip or zstd, from files or from stdin (-): TLS on any port, after STARTTLS, proxies and tunnels.\n' +
    'Memory does not grow with the capture: at most 4,096 connections are read at one time, and what is let go for that is counted on stderr.\n' +
    'Without --json one line per connection: who, which name, what was offered, what became of it.\n' +
    'Exit code 0: hellos were found; 6: the capture holds none; 3: a file is broken (what could be read is printed first).',
  args: [{ name: 'files', help: 'captures, or - for stdin', required: true, many: true }],
  flags: [
    {
      name: 'against',
      value: 'profile.json',
      help: 'predict what a server of this profile would answer to each ClientHello',
    },
    { name: 'json', help: 'one line per hello and alert' },
  ],
  examples: [
    { run: 'tlsunset hello capture.pcapng', does: 'lists the connections of a capture' },
    {
      run: 'tlsunset hello --json capture.pcap.gz | jq -r .ja4',
      does: 'prints the JA4 of every hello',
    },
    {
      run: 'tcpdump -i any -U --immediate-mode -w - tcp | tlsunset hello --json -',
      does: 'follows live traffic',
    },
    {
      run: 'tlsunset hello --against profile.json capture.pcap',
      does: 'says for each hello whether that server would accept it',
    },
  ],
  async run({ args, flags, io }) {
    const { printHellos } = await import('../hello/print.ts')
    const hellos = await printHellos(args, {
      json: flags.json === true,
      against: flags.against as string | undefined,
      io,
    })
    return hellos > 0 ? exitCodes.ok : exitCodes.undecided
  },
}

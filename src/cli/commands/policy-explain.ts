import type { Command } from '../command.ts'

export const command: Command = {
  name: 'policy explain',
  summary: 'Says what happens to whom, when, and by which rule',
  description:
    'Shows the floor that one account (or name, or hellos without one) meets at an instant, what that does to clients of each version, and every later change. With --offer and a capture: what becomes of each of its hellos then and after the cutoff, and why; accounts are told by their names. Exit code 1: what --offer asks about is refused (of a capture: some hello, then or after the cutoff); 6: the capture holds no hello.',
  args: [{ name: 'file', help: 'the retirement file', required: true }],
  flags: [
    { name: 'account', value: 'id', help: 'the account to explain it for' },
    { name: 'sni', value: 'name', help: 'the host name that a client asks for; empty: it sends none' },
    { name: 'at', value: 'time', help: 'the instant, ISO 8601 with a zone, or a day in UTC; absent: now' },
    {
      name: 'offer',
      value: 'version|capture',
      help: 'only this version: a client that goes up to it and could do everything else; or the hellos of a capture (- for stdin)',
    },
    { name: 'json', help: 'one JSON document' },
  ],
  examples: [
    {
      run: 'tlsunset policy explain retirement.yaml --account contoso',
      does: 'what contoso meets now and later',
    },
    {
      run: 'tlsunset policy explain retirement.yaml --sni "" --at 2027-03-31T00:00:00Z --offer "TLS 1.0"',
      does: 'a TLS 1.0 client without SNI at the cutoff',
    },
    {
      run: 'tlsunset policy explain retirement.yaml --offer hellos.pcap',
      does: 'what becomes of each captured hello now and after the cutoff',
    },
  ],
  async run({ args, flags, io }) {
    const { explainPolicy } = await import('../policy/explain.ts')
    return explainPolicy(args[0]!, flags, io)
  },
}

import type { Command } from '../command.ts'

export const command: Command = {
  name: 'policy calendar',
  summary: 'Lists what happens when: brownouts, ramp, freezes, cutoff, ends of exemptions',
  args: [{ name: 'file', help: 'the retirement file', required: true }],
  flags: [
    { name: 'from', value: 'time', help: 'only what has not ended by then' },
    { name: 'to', value: 'time', help: 'only what begins before' },
    { name: 'ics', help: 'an iCalendar file, to subscribe to' },
    { name: 'json', help: 'one JSON document' },
  ],
  examples: [
    { run: 'tlsunset policy calendar retirement.yaml', does: 'lists everything that is planned' },
    {
      run: 'tlsunset policy calendar --ics retirement.yaml > retirement.ics',
      does: 'writes a calendar for the on-call team',
    },
  ],
  async run({ args, flags, io }) {
    const { policyCalendar } = await import('../policy/calendar.ts')
    return policyCalendar(args[0]!, flags, io)
  },
}

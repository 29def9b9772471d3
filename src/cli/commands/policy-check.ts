import type { Command } from '../command.ts'

export const command: Command = {
  name: 'policy check',
  summary: 'Says whether the retirement file is valid, and what in it may surprise',
  description:
    'Reports every mistake with its line and what was probably meant. Exit code 0: valid, perhaps with warnings; 2: not valid; 3: cannot be read.',
  args: [{ name: 'file', help: 'the retirement file', required: true }],
  flags: [{ name: 'json', help: 'one JSON document: problems, or warnings and the policy' }],
  examples: [
    { run: 'tlsunset policy check retirement.yaml', does: 'reads the file as a compiler would' },
    { run: 'tlsunset policy check --json retirement.yaml', does: 'the same, for scripts and editors' },
  ],
  async run({ args, flags, io }) {
    const { checkPolicy } = await import('../policy/check.ts')
    return checkPolicy(args[0]!, flags.json === true, io)
  },
}

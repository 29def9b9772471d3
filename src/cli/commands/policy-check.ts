import type { Command } from '../command.ts'

export const command: Command = {
  name: 'policy check',
  summary: 'Says whether the retirement file is valid, and what in it may surprise',
  description:
    'Reports every mistake with its line and what was probably meant. Exit code 0: valid, perhaps with warnings; 2: not valid; 3: cannot be read.',
  args: [{ name: 'file', help: 'the retirement file (default: retirement.yaml, as for serve)' }],
  flags: [{ name: 'json', help: 'one JSON document: problems, or warnings and the policy' }],
  examples: [
    { run: 'tlsunset policy check', does: 'reads retirement.yaml as a compiler would' },
    { run: 'tlsunset policy check --json batch.yaml', does: 'another file, for scripts and editors' },
  ],
  async run({ args, flags, io }) {
    const { checkPolicy } = await import('../policy/check.ts')
    return checkPolicy(args[0] ?? 'retirement.yaml', flags.json === true, io)
  },
}

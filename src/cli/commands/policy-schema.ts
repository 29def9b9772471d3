import { exitCodes } from '../../base/fault.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  name: 'policy schema',
  summary: 'Prints the JSON Schema of the retirement file, for editors',
  examples: [
    {
      run: 'tlsunset policy schema > retirement.schema.json',
      does: 'then "# yaml-language-server: $schema=retirement.schema.json" as the first line of the file',
    },
  ],
  async run({ io }) {
    const { retirementJsonSchema } = await import('../../model/retirement-schema.ts')
    io.stdout.write(`${JSON.stringify(retirementJsonSchema(), null, 2)}\n`)
    return exitCodes.ok
  },
}

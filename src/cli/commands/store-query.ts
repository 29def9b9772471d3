import { exitCodes } from '../../base/fault.ts'
import type { Command } from '../command.ts'
import { storeFlag } from '../store-flag.ts'

export const command: Command = {
  name: 'store query',
  summary: 'Runs one SELECT over the store, such as those that --explain prints',
  description:
    'Reads only: a statement that would write is refused by the engine. One JSON object per line, or the bare value when the answer is a single one.\n' +
    'Exit code 0: there is an answer; 6: no row.',
  args: [
    { name: 'select', help: 'a SELECT in the SQL of ClickHouse; - reads it from stdin', required: true },
  ],
  flags: [storeFlag],
  examples: [
    {
      run: 'tlsunset store query "SELECT source, sum(connections) FROM usage GROUP BY source"',
      does: 'how much came from where',
    },
    {
      run: `tlsunset report --json --explain | jq -r '.explain[] | select(.number == "totals.would_break").query' | tlsunset store query -`,
      does: 'counts again what a report says',
    },
  ],
  async run({ args, flags, io }) {
    const { storeRows } = await import('../store/query.ts')
    const rows = await storeRows(args[0]!, flags, io)
    const [first] = rows
    const values = first === undefined ? [] : Object.values(first)
    if (rows.length === 1 && values.length === 1) {
      const [value] = values
      io.stdout.write(`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\n`)
    } else for (const row of rows) io.stdout.write(`${JSON.stringify(row)}\n`)
    return rows.length > 0 ? exitCodes.ok : exitCodes.undecided
  },
}

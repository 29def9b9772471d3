import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Command } from '../src/cli/command.ts'
import { commands, groups } from '../src/cli/commands/index.ts'

const page = fileURLToPath(new URL('../docs/reference/commands.md', import.meta.url))

test('the reference page of commands is what the commands say of themselves (UPDATE=1 rewrites it)', () => {
  const wanted = referencePage()
  if (process.env.UPDATE) writeFileSync(page, wanted)
  expect(readFileSync(page, 'utf8')).toBe(wanted)
  expect(commands.length).toBeGreaterThan(0)
})

test.each(commands.map(command => [command.name, command] as const))(
  '%s has a summary, help for each flag and examples',
  (_, command) => {
    expect(command.summary).not.toMatch(/\.$/)
    expect(command.examples.length).toBeGreaterThan(0)
    for (const flag of command.flags ?? []) expect(flag.help, flag.name).not.toBe('')
    for (const example of command.examples) expect(example.run).toContain(`tlsunset ${command.name}`)
  },
)

test('every group of commands says what it is for', () => {
  const used = commands.flatMap(command => (command.name.includes(' ') ? [command.name.split(' ')[0]!] : []))
  expect(Object.keys(groups).sort()).toEqual([...new Set(used)].sort())
})

function referencePage(): string {
  return [
    '# Commands',
    '',
    'Written by `UPDATE=1 npm test` from the definitions in `src/cli/commands`; do not edit by hand.',
    '',
    ...commands.flatMap(section),
    '## Exit codes',
    '',
    '| code | meaning |',
    '| --- | --- |',
    '| 0 | ran; the answer is the good one |',
    '| 1 | ran; the answer is the bad one (somebody breaks, a finding, an endpoint accepts legacy) |',
    '| 2 | the command line or the settings are wrong |',
    '| 3 | a file is not what it was said to be |',
    '| 4 | a peer, an edge or a database did not answer |',
    '| 5 | something is missing on this machine |',
    '| 6 | ran, could not tell (nothing was seen) |',
    '| 70 | our mistake; please report it |',
    '| 130 | interrupted |',
    '',
  ].join('\n')
}

function section(command: Command): string[] {
  const args = (command.args ?? []).map(arg => {
    const name = arg.many ? `${arg.name.toUpperCase()}...` : arg.name.toUpperCase()
    return arg.required ? name : `[${name}]`
  })
  const usage = [
    'tlsunset',
    command.name,
    ...args,
    command.flags?.length ? '[flags]' : '',
    command.takesRest ? '-- COMMAND' : '',
  ]
  return [
    `## ${command.name}`,
    '',
    `${command.summary}.`,
    '',
    ...(command.description ? [command.description, ''] : []),
    '```',
    usage.filter(Boolean).join(' '),
    '```',
    '',
    ...table(
      ['argument', 'meaning'],
      (command.args ?? []).map(arg => [`\`${arg.name.toUpperCase()}\``, arg.help]),
    ),
    ...table(
      ['flag', 'meaning'],
      (command.flags ?? []).map(flag => [
        `\`${flag.short ? `-${flag.short}, ` : ''}--${flag.name}${flag.value ? ` ${flag.value.toUpperCase()}` : ''}\``,
        [
          flag.help,
          flag.choices ? `One of ${flag.choices.map(choice => `\`${choice}\``).join(', ')}.` : '',
          flag.default === undefined ? '' : `Default \`${flag.default}\`.`,
          flag.many ? 'May be repeated.' : '',
        ]
          .filter(Boolean)
          .join(' '),
      ]),
    ),
    ...command.examples.flatMap(example => [`${example.does}:`, '', '```sh', example.run, '```', '']),
  ]
}

function table(head: string[], rows: string[][]): string[] {
  if (rows.length === 0) return []
  const line = (cells: string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line), '']
}

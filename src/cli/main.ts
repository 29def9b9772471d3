import { CommanderError, Option, Command as Program } from 'commander'
import { type ExitCode, exitCodes, Fault } from '../base/fault.ts'
import type { Command, FlagValues, Io } from './command.ts'
import { commands, groups } from './commands/index.ts'

const version = '0.1.0'

/** Runs one command line and answers with its exit code; the only place that turns errors into messages. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok
  const program = buildProgram(io, (command, call) => {
    return command.run({ ...call, io }).then(code => {
      exitCode = code
    })
  })
  try {
    await program.parseAsync(argv as string[], { from: 'user' })
    return exitCode
  } catch (error) {
    return explain(error, argv, io)
  }
}

type Call = { args: string[]; flags: FlagValues; rest: string[] }

function buildProgram(io: Io, start: (command: Command, call: Call) => Promise<void>): Program {
  const program = new Program('tlsunset')
  program
    .description('Retires old TLS without breaking anyone.')
    .version(version, '-V, --version')
    .helpCommand(true)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      // Errors are worded in explain(); what else goes there is the help of a command that wants another word.
      writeErr: text => {
        if (!text.startsWith('error:')) io.stderr.write(text)
      },
    })
    .enablePositionalOptions()
  const parents = new Map<string, Program>()
  for (const command of commands) {
    const [first, second] = command.name.split(' ') as [string, string?]
    if (second === undefined) declare(program.command(first), command, start)
    else {
      const parent = parents.get(first) ?? program.command(first).description(groups[first]!).exitOverride()
      parents.set(first, parent)
      declare(parent.command(second), command, start)
    }
  }
  return program
}

function declare(target: Program, command: Command, start: (command: Command, call: Call) => Promise<void>) {
  target
    .summary(command.summary)
    .description([command.summary, command.description].filter(Boolean).join('\n\n'))
    .exitOverride()
  for (const arg of command.args ?? []) {
    const name = arg.many ? `${arg.name}...` : arg.name
    target.argument(arg.required ? `<${name}>` : `[${name}]`, arg.help)
  }
  for (const flag of command.flags ?? []) {
    const long = `${flag.short ? `-${flag.short}, ` : ''}--${flag.name}${flag.value ? ` <${flag.value}>` : ''}`
    const option = new Option(long, flag.help)
    if (flag.choices) option.choices(flag.choices)
    if (flag.default !== undefined) option.default(flag.default)
    if (flag.many)
      option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])
    target.addOption(option)
  }
  const examples = command.examples.map(example => `  ${example.run}\n      ${example.does}`)
  if (examples.length > 0) target.addHelpText('after', `\nExamples:\n${examples.join('\n')}`)
  if (command.takesRest) target.passThroughOptions().argument('[command...]', 'the command to run, after --')
  target.action(async () => {
    const given = target.args
    const args = command.takesRest ? [] : given
    const rest = command.takesRest ? given : []
    await start(command, { args, flags: byFlagName(target.opts()), rest })
  })
}

/** Commander turns `--dry-run` into `dryRun`; commands read flags by the one name that users see. */
function byFlagName(options: Record<string, unknown>): FlagValues {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`),
      value,
    ]),
  ) as FlagValues
}

function explain(error: unknown, argv: readonly string[], io: Io): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok
    if (error.code === 'commander.help') return exitCodes.usage
    const [what, meant] = error.message.split('\n')
    say(io, 'error', what!.replace(/^error: /, '').replace(/\.$/, ''))
    const hint =
      meant?.replace(/^\(Did you mean (.*)\?\)$/, 'did you mean $1?') ?? `${namedCommand(argv)} --help`
    say(io, 'hint', hint)
    return exitCodes.usage
  }
  if (error instanceof Fault) {
    say(io, 'error', error.message)
    if (error.hint) say(io, 'hint', error.hint)
    return exitCodes[error.kind]
  }
  if (io.signal.aborted) return exitCodes.interrupted
  if (isOfTheSystem(error)) {
    const { syscall, path, message } = error
    say(
      io,
      'error',
      path === undefined
        ? message
        : `cannot ${syscall} ${path}: ${message.replace(/^\w+: |, \w+ '.*$/g, '')}`,
    )
    return exitCodes.environment
  }
  io.stderr.write(`tlsunset: bug: ${error instanceof Error ? error.stack : String(error)}\n`)
  say(io, 'hint', 'this is our mistake; please report it with the lines above')
  return exitCodes.bug
}

/** A file or folder that is missing, full, or not for this user. */
function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    'syscall' in error &&
    /^E(?:NOENT|ACCES|PERM|ROFS|NOSPC|DQUOT|ISDIR|NOTDIR|EXIST|MFILE|NFILE|BUSY|NAMETOOLONG)$/.test(
      String((error as NodeJS.ErrnoException).code),
    )
  )
}

/** The command as far as the words name one: `tlsunset policy check`. */
function namedCommand(argv: readonly string[]): string {
  const words = argv.slice(0, 2)
  while (words.length > 0 && !commands.some(({ name }) => `${name} `.startsWith(`${words.join(' ')} `)))
    words.pop()
  return ['tlsunset', ...words].join(' ')
}

function say(io: Io, kind: string, text: string) {
  io.stderr.write(`tlsunset: ${kind}: ${text}\n`)
}

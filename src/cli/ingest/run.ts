import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import { plural } from '../../base/text.ts'
import type { AccountsFrom } from '../../observe/attribute.ts'
import { sources } from '../../observe/sources/index.ts'
import { type FileAnswer, takeInAny } from '../../server/take-in-any.ts'
import { settleFiles } from '../../store/hand-over.ts'
import { type Location, locationText, parseLocation } from '../../store/location.ts'
import { lockDirectory } from '../../store/lock.ts'
import { socketPath } from '../../store/socket-path.ts'
import { openStore, type Store } from '../../store/store.ts'
import type { FlagValues, Io } from '../command.ts'
import { accountsFromOf } from '../report/accounts-from.ts'
import { isCapture } from '../report/from-captures.ts'
import { askServer } from './ask-server.ts'
import { expandPaths } from './expand.ts'
import { follow } from './follow.ts'

export interface IngestOptions {
  sourceId?: string
  accountsFrom?: AccountsFrom
}

/** Takes files into the store, through the server that holds it when there is one. */
export async function ingest(args: string[], flags: FlagValues, io: Io): Promise<ExitCode> {
  if (flags.sources) {
    for (const source of sources)
      io.stdout.write(`${source.id}  ${source.title}\n${indented(source.setup)}\n`)
    return exitCodes.ok
  }
  if (args.length === 0)
    throw new Fault('usage', 'no-files', 'no files named', {
      hint: 'tlsunset ingest access.log, or - for stdin',
    })
  const location = parseLocation(flags.store as string | undefined, io)
  const accountsFrom = accountsFromOf(flags.accounts as string | undefined, undefined)
  const options: IngestOptions = {
    ...(flags.source !== undefined && { sourceId: flags.source as string }),
    ...(accountsFrom && { accountsFrom }),
  }
  const work = mkdtempSync(join(tmpdir(), 'tlsunset-ingest-'))
  try {
    const isStdin = args.length === 1 && args[0] === '-'
    const paths = isStdin ? ['-'] : expandPaths(args, io.cwd)
    const answers = await answersOf(location, paths, options, flags, work, io)
    return tell(answers, paths.length, location, flags, io)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function answersOf(
  location: Location,
  paths: readonly string[],
  options: IngestOptions,
  flags: FlagValues,
  work: string,
  io: Io,
): Promise<(FileAnswer | Fault)[]> {
  if (location.kind === 'directory' && existsSync(socketPath(location.path))) {
    if (flags.follow || (paths[0] === '-' && options.sourceId === 'capture'))
      throw new Fault(
        'environment',
        'store-in-use',
        `the store at ${location.path} is held by a running server`,
        {
          hint: 'name another store with --store, or take files in without --follow',
        },
      )
    const files = await Promise.all(
      paths.map(async name => {
        const path = name === '-' ? await keepStdin(io, work) : name
        return { path, name, capture: isCapture(path) }
      }),
    )
    const answered = await askServer(socketPath(location.path), { files, ...options })
    if (answered) return answered
  }
  const store = await openStore(location, {
    collector: location.kind === 'server' ? `${hostname()}/ingest` : 'local',
  })
  // Of two processes that take files into one server from here, one would take the other's for broken off.
  const release =
    location.kind === 'server'
      ? lockDirectory(join(tmpdir(), 'tlsunset'), `ingest-${lockName(location)}`)
      : () => {}
  try {
    await settleFiles(store, io.now())
    if (flags.follow) return await follow(store, paths, options, work, io)
    const answers: (FileAnswer | Fault)[] = []
    for (const [index, path] of paths.entries()) {
      if (io.signal.aborted) break
      progress(io, `${index + 1} of ${paths.length}: ${path}`)
      answers.push(await takeIn(store, path, options, work, io))
    }
    progress(io, '')
    return answers
  } finally {
    release()
    await store.close()
  }
}

/** A name for files, without what is secret. */
function lockName(location: Location): string {
  return locationText(location).replace(/[^\w.]+/g, '-')
}

/** One file, log or capture; stdin is kept as a file first, unless it is a running capture. */
export async function takeIn(
  store: Store,
  path: string,
  options: IngestOptions,
  work: string,
  io: Io,
): Promise<FileAnswer | Fault> {
  const live = path === '-' && options.sourceId === 'capture'
  const file = path === '-' && !live ? await keepStdin(io, work) : path
  const asked = { path: file, name: path, capture: live || isCapture(file) }
  return takeInAny(store, asked, { ...options, workDir: () => work, now: io.now, stdin: io.stdin })
}

/** Stdin as a file, since the engine reads files and may read them twice. */
async function keepStdin(io: Io, work: string): Promise<string> {
  const path = join(work, 'stdin')
  await pipeline(io.stdin, createWriteStream(path))
  return path
}

function tell(
  answers: readonly (FileAnswer | Fault)[],
  asked: number,
  location: Location,
  flags: FlagValues,
  io: Io,
): ExitCode {
  const taken = answers.filter((answer): answer is FileAnswer => !(answer instanceof Fault))
  const failed = answers.filter((answer): answer is Fault => answer instanceof Fault)
  if (flags.json) {
    const files = taken.map(({ name, source, part, observations, skipped, skips }) => ({
      file: name,
      source,
      part,
      observations,
      skipped,
      skips,
    }))
    const faults = failed.map(fault => ({ code: fault.code, message: fault.message }))
    io.stdout.write(`${JSON.stringify({ store: locationText(location), files, faults }, null, 2)}\n`)
  } else {
    for (const answer of taken) io.stdout.write(textOf(answer))
  }
  for (const fault of failed) io.stderr.write(`tlsunset: error: ${fault.message}\n`)
  if (failed[0]?.hint) io.stderr.write(`tlsunset: hint: ${failed[0].hint}\n`)
  if (failed.length > 0) return exitCodes.input
  if (answers.length < asked) return exitCodes.interrupted
  return taken.some(answer => answer.observations > 0) ? exitCodes.ok : exitCodes.undecided
}

function textOf(answer: FileAnswer): string {
  if (answer.part === 'known')
    return `${answer.name}: in the store already, ${plural(answer.observations, 'observation')}\n`
  const what = answer.part === 'grown' ? ' added since it was read before' : ''
  const head = `${answer.name}: ${answer.source}, ${plural(answer.observations, 'observation')}${what}\n`
  const skipped = Object.entries(answer.skips).map(
    ([why, { lines, line }]) => `  skipped ${plural(lines, 'line')}: ${why} (first: line ${line})\n`,
  )
  return head + skipped.join('')
}

function progress(io: Io, text: string): void {
  if (io.stderr.isTTY) io.stderr.write(`\r\u001b[K${text.slice(0, (io.stderr.columns ?? 80) - 1)}`)
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}

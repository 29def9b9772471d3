import { createReadStream, createWriteStream, existsSync, rmSync, statSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import { plural, printable } from '../../base/text.ts'
import { whyUnreadable } from '../../base/unreadable.ts'
import type { AccountsFrom } from '../../observe/attribute.ts'
import { sources } from '../../observe/sources/index.ts'
import { workFolder } from '../../observe/work-folder.ts'
import { skipText } from '../../server/odd-lines.ts'
import { type FileAnswer, type FileAsked, type TakeInOptions, takeInAny } from '../../server/take-in-any.ts'
import { explainCopy, type LogFile } from '../../store/files.ts'
import { settleFiles } from '../../store/hand-over.ts'
import { type Location, locationText, parseLocation } from '../../store/location.ts'
import { lockDirectory } from '../../store/lock.ts'
import { addressText, isRemote, openRemote } from '../../store/remote.ts'
import { socketPath } from '../../store/socket-path.ts'
import { openStore, type Store } from '../../store/store.ts'
import type { FlagValues, Io } from '../command.ts'
import { expandPaths } from '../expand-paths.ts'
import { endWith, faultsDocument, isOfFile, tellFault } from '../faults.ts'
import { loadPolicy } from '../load-policy.ts'
import { accountsFromOf } from '../report/accounts-from.ts'
import { isCapture } from '../report/from-captures.ts'
import { askServer } from './ask-server.ts'
import { follow } from './follow.ts'
import { type Piece, progressLine } from './progress.ts'

interface IngestOptions {
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
  const policy = flags.config === undefined ? undefined : loadPolicy(flags.config as string, io)
  const accountsFrom = accountsFromOf(flags.accounts as string | undefined, policy)
  const options: IngestOptions = {
    ...(flags.source !== undefined && { sourceId: flags.source as string }),
    ...(accountsFrom && { accountsFrom }),
  }
  const work = workFolder('ingest')
  try {
    const { inputs, faults } = inputsOf(args, io.cwd)
    if (faults.length > 0 && (inputs.length === 0 || flags.follow)) endWith(faults, io)
    if (inputs.filter(({ path }) => path === '-').length > 1)
      throw new Fault('usage', 'stdin-twice', 'stdin is named twice')
    const expand = () => expandPaths(args, io.cwd)
    return await ingestAll(location, { inputs, faults }, expand, options, flags, work, io)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

interface Input {
  /** Absolute; `-` for stdin; an address. */
  path: string
  name: string
}

/** Names by which systems know the stdin of a process. */
const stdinNames = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']

interface Inputs {
  inputs: Input[]
  /** What was named and is not there. */
  faults: Fault[]
}

function inputsOf(args: readonly string[], cwd: string): Inputs {
  const faults: Fault[] = []
  const inputs = args.flatMap((arg): Input[] => {
    if (stdinNames.includes(arg)) return [{ path: '-', name: arg }]
    if (isRemote(arg)) return [{ path: arg, name: addressText(arg) }]
    try {
      return expandPaths([arg], cwd).map(path => ({ path, name: path }))
    } catch (error) {
      if (!isOfFile(error)) throw error
      faults.push(error)
      return []
    }
  })
  return {
    inputs: inputs.filter(
      ({ path }, index) => path === '-' || inputs.findIndex(each => each.path === path) === index,
    ),
    faults,
  }
}

async function ingestAll(
  location: Location,
  { inputs, faults }: Inputs,
  expand: () => string[],
  options: IngestOptions,
  flags: FlagValues,
  work: string,
  io: Io,
): Promise<ExitCode> {
  const isLiveCapture = inputs.some(({ path }) => path === '-') && options.sourceId === 'capture'
  if (flags.follow) {
    const odd = inputs.find(({ path }) => path === '-' || isRemote(path))
    if (odd)
      throw new Fault('usage', 'follow', `${odd.name} cannot be followed`, {
        hint: 'files of this machine can; for what lies elsewhere, run ingest every so often: it takes in what was added',
      })
  }
  if (location.kind === 'directory' && existsSync(socketPath(location.path))) {
    if (isLiveCapture)
      throw new Fault(
        'environment',
        'store-in-use',
        `the store at ${location.path} is held by a running server`,
        {
          hint: 'name another store with --store, or write the capture to a file and take that in',
        },
      )
    const ask = (files: FileAsked[], more: object = {}) =>
      askServer(socketPath(location.path), { files, ...options, ...more }, io.signal)
    if (flags.follow && (await ask([]))) {
      const followed = await follow(expand, io, async (path, mode) => {
        const answered = await ask([{ path, name: path, capture: false }], mode)
        if (answered) return answered[0]!
        throw new Fault('unreachable', 'server-gone', `the server of ${location.path} is gone`, {
          hint: 'run the command again: it goes on where it stopped',
        })
      })
      return tell(followed, flags, io, location)
    }
    if (!flags.follow) {
      const files = await Promise.all(
        inputs.map(async ({ path, name }) => {
          const kept = await keepUnlessFile(path, io, work)
          return { path: kept, name, capture: !isRemote(kept) && isCapture(kept) }
        }),
      )
      const answered = await ask(files)
      if (answered) return tell({ answers: [...faults, ...answered], left: [] }, flags, io, location)
    }
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
    const taken = { ...options, workDir: () => work, now: io.now, stdin: io.stdin }
    if (flags.follow) {
      const followed = await follow(expand, io, (path, mode) =>
        takeInAny(store, { path, name: path, capture: false }, { ...taken, ...mode }),
      )
      return tell(followed, flags, io, location)
    }
    const { answers, left } = await takeInEach(store, inputs, taken, io, work)
    return tell({ answers: [...faults, ...answers], left }, flags, io, location)
  } finally {
    release()
    await store.close()
  }
}

/** What was taken in, and what was not because of Ctrl-C. */
export interface Told {
  answers: readonly (FileAnswer | Fault)[]
  /** Names of those that were not taken in because the run was broken off. */
  left: readonly string[]
}

async function takeInEach(
  store: Store,
  inputs: readonly Input[],
  options: TakeInOptions,
  io: Io,
  work: string,
): Promise<Told> {
  const reader = await store.reader()
  const answers: (FileAnswer | Fault)[] = []
  const files: (FileAsked | LogFile)[] = []
  for (const { path, name } of inputs) {
    if (!isRemote(path)) {
      const live = path === '-' && options.sourceId === 'capture'
      const kept = live ? path : await keepUnlessFile(path, io, work)
      files.push({ path: kept, name, capture: live || isCapture(kept) })
      continue
    }
    try {
      files.push(...(await openRemote(reader, path, io.env)))
    } catch (error) {
      if (!(error instanceof Fault) || error.kind === 'usage') throw error
      answers.push(error)
    }
  }
  // What the engine does at this moment is broken off, again until nothing follows.
  let breaking: NodeJS.Timeout | undefined
  let cancelling = Promise.resolve()
  const breakOff = () => {
    cancelling = reader.cancel().catch(() => {})
    breaking ??= setInterval(breakOff, 200)
  }
  if (io.signal.aborted) breakOff()
  io.signal.addEventListener('abort', breakOff)
  const line = progressLine(io, files.map(pieceOf), () => reader.progress())
  try {
    for (const [index, file] of files.entries()) {
      line.start(index)
      const before = answers.length
      try {
        if (!io.signal.aborted) answers.push(await takeInAny(store, file, options))
        if (!io.signal.aborted) continue
        if (answers.length > before) return { answers, left: files.slice(index + 1).map(({ name }) => name) }
      } catch (error) {
        if (!io.signal.aborted && !(error instanceof Fault)) throw error
        // A full disk, a store that went away: what was taken in before is told all the same.
        if (!io.signal.aborted) answers.push(error as Fault)
      }
      return { answers, left: files.slice(index).map(({ name }) => name) }
    }
    return { answers, left: [] }
  } finally {
    line.end()
    clearInterval(breaking)
    await cancelling
    io.signal.removeEventListener('abort', breakOff)
    // The lines of a file that was broken off are taken back at once, rather than by the next run.
    if (io.signal.aborted) await settleFiles(store, io.now())
  }
}

function pieceOf(file: FileAsked | LogFile): Piece {
  if ('sizeBytes' in file)
    return { name: file.name, sizeBytes: file.sizeBytes, packed: file.compression !== 'none' }
  const sizeBytes = statSync(file.path, { throwIfNoEntry: false })?.size ?? 0
  return { name: file.name, sizeBytes, packed: /\.(gz|zst|xz|bz2|lz4)$/.test(file.path) }
}

/** A name for files, without what is secret. */
function lockName(location: Location): string {
  return locationText(location).replace(/[^\w.]+/g, '-')
}

/** Stdin and other pipes as a file, since the engine reads files and may read them twice. */
async function keepUnlessFile(path: string, io: Io, work: string): Promise<string> {
  if (isRemote(path) || (path !== '-' && statSync(path, { throwIfNoEntry: false })?.isFile())) return path
  const kept = join(work, path === '-' ? 'stdin' : `pipe-${basename(path)}`)
  const from = path === '-' ? io.stdin : createReadStream(path)
  try {
    await pipeline(from, createWriteStream(kept), { signal: io.signal })
  } catch (cause) {
    if (io.signal.aborted) throw cause
    const full = explainCopy(cause, work, path)
    if (full instanceof Fault) throw full
    throw new Fault('input', 'file-unreadable', `cannot read ${path}: ${whyUnreadable(cause)}`, { cause })
  }
  return kept
}

function tell({ answers, left }: Told, flags: FlagValues, io: Io, location: Location): ExitCode {
  const taken = answers.filter((answer): answer is FileAnswer => !(answer instanceof Fault))
  const failed = answers.filter((answer): answer is Fault => answer instanceof Fault)
  if (flags.json) {
    const files = taken.map(({ name, source, part, observations, skipped, skips, notes }) => ({
      file: name,
      source,
      part,
      observations,
      skipped,
      skips,
      notes,
    }))
    const told = { store: locationText(location), files, faults: faultsDocument(failed), not_taken: left }
    io.stdout.write(`${JSON.stringify(told, null, 2)}\n`)
  } else {
    for (const answer of taken) io.stdout.write(answerText(answer))
    if (taken.length > 1) io.stdout.write(sumText(taken))
  }
  for (const fault of failed) tellFault(fault, io)
  for (const name of left)
    io.stderr.write(`tlsunset: not taken in, nothing of it counts: ${printable(name)}\n`)
  if (left.length > 0)
    io.stderr.write('tlsunset: hint: run the same command again: it goes on with what was not taken in\n')
  if (failed.length > 0) return exitCodes[failed[0]!.kind]
  if (left.length > 0) return exitCodes.interrupted
  return taken.some(answer => answer.observations > 0) ? exitCodes.ok : exitCodes.undecided
}

/** What became of one file, a line each. */
function answerText(answer: FileAnswer): string {
  const name = printable(answer.name)
  if (answer.part === 'known')
    return `${name}: in the store already, ${plural(answer.observations, 'observation')}\n`
  const what = answer.part === 'grown' ? ' added since it was read before' : ''
  const lines = [
    `${name}: ${answer.source}, ${plural(answer.observations, 'observation')}${what}`,
    ...answer.notes.map(note => `  ${printable(note)}`),
    ...Object.entries(answer.skips).flatMap(([why, skip]) => skipText(why, skip).map(text => `  ${text}`)),
  ]
  return `${lines.join('\n')}\n`
}

/** Every line is an observation or a skip: the sums over all files. */
function sumText(taken: readonly FileAnswer[]): string {
  const fresh = taken.filter(({ part }) => part !== 'known')
  const sum = (count: (answer: FileAnswer) => number) => fresh.reduce((all, each) => all + count(each), 0)
  const known = taken.length - fresh.length
  return `${plural(fresh.length, 'file')}: ${plural(
    sum(each => each.observations),
    'observation',
  )}, ${plural(
    sum(each => each.skipped),
    'line',
  )} skipped${known > 0 ? `; ${plural(known, 'file')} in the store already` : ''}\n`
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}

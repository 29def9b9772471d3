import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { plural } from '../../base/text.ts'
import { negotiate } from '../../model/negotiate.ts'
import type { Offer } from '../../model/offer.ts'
import type { Prediction, ServerProfile } from '../../model/prediction.ts'
import { readProfile } from '../../model/profile.ts'
import { versionHex } from '../../model/version.ts'
import { isTextFile } from '../../observe/capture/detect.ts'
import { droppedText } from '../../observe/capture/dropped.ts'
import { type CaptureEnd, readCaptureFile } from '../../observe/capture/read.ts'
import { type HelloEvent, membersOf, rowWriter } from '../../observe/capture/rows.ts'
import type { Io } from '../command.ts'
import { endWith } from '../faults.ts'
import { connectionTable } from './table.ts'

/**
 * Prints what captures hold and gives the number of hellos. Every file is read as far as it goes; the first that is broken is thrown as a Fault after
 * all that could be read is printed.
 */
export async function printHellos(
  files: readonly string[],
  { json, against, io }: { json: boolean; against: string | undefined; io: Io },
): Promise<number> {
  const profile = against === undefined ? null : profileOf(against, io)
  const predict = profile ? (offer: Offer) => negotiate(offer, profile) : null
  const table = json ? null : connectionTable(io, predict)
  const writeRow = rowWriter()
  let hellos = 0
  const faults: Fault[] = []
  for (const file of files) {
    const name = file === '-' ? 'stdin' : file
    const before = hellos
    let malformed = ''
    const more = membersOf({ file })
    const line = (event: HelloEvent): string => {
      if (!predict || event.kind !== 'client_hello') return writeRow(event, more)
      const predicted = predictedRow(predict(event.hello.offer))
      return writeRow(event, membersOf({ file, predicted }))
    }
    const path = file === '-' ? file : resolve(io.cwd, file)
    if (file !== '-' && isTextFile(path)) {
      faults.push(
        new Fault('input', 'capture-is-text', `${name} is text, as a log is, and no capture`, {
          hint: `what logs say is read by report: tlsunset report ${name}`,
        }),
      )
      continue
    }
    try {
      const blocks = readCaptureFile(path, io.stdin, io.signal)
      for (;;) {
        const next = await blocks.next()
        if (next.done) {
          finish(next.value, name, io, faults)
          break
        }
        let lines = ''
        for (const event of next.value) {
          if (event.kind === 'client_hello' || event.kind === 'server_hello') hellos++
          if (event.kind === 'malformed_hello') malformed ||= `frame ${event.frame}, wanted ${event.want}`
          if (event.kind === 'connection') table?.add(event.connection, name)
          else if (json) lines += line(event)
        }
        if (lines !== '') await write(io, lines)
      }
      if (hellos === before && malformed)
        faults.push(
          new Fault(
            'input',
            'hello-malformed',
            `no hello could be read from ${name}: the first is malformed (${malformed})`,
          ),
        )
      else if (hellos === before) note(io, `${name}: no hello`)
    } catch (error) {
      if (!(error instanceof Fault)) {
        table?.end()
        throw error
      }
      faults.push(error)
    }
  }
  table?.end()
  endWith(faults, io)
  return hellos
}

function finish(end: CaptureEnd, name: string, io: Io, faults: Fault[]): void {
  const lost = droppedText(end.dropped)
  if (lost) note(io, `${name}: ${lost}`)
  if (end.broken) {
    const { at, want } = end.broken
    faults.push(
      new Fault('input', 'capture-broken', `${name} is broken at offset ${at}: wanted ${want}`, {
        ...(end.packets > 0 ? { hint: `${plural(end.packets, 'packet')} before it were read` } : {}),
      }),
    )
  } else if (end.cut) {
    // A first record that is cut means that nothing at all was read.
    if (end.packets === 0)
      faults.push(
        new Fault('input', 'capture-cut', `${name} stops at offset ${end.cut.at}: wanted ${end.cut.want}`),
      )
    else
      note(
        io,
        `${name} stops within its last record (offset ${end.cut.at}); ${plural(end.packets, 'packet')} before it were read`,
      )
  } else if (end.packets > 0 && end.segments === 0)
    note(io, `${name}: no TCP in ${plural(end.packets, 'packet')}`)
}

function note(io: Io, text: string): void {
  io.stderr.write(`tlsunset: note: ${text}\n`)
}

/** Waits for a slow reader, so that a large capture does not pile up in memory. */
async function write(io: Io, text: string): Promise<void> {
  if (!io.stdout.write(text)) await new Promise(resolve => io.stdout.once('drain', resolve))
}

function predictedRow(prediction: Prediction): Record<string, unknown> {
  if (prediction.outcome === 'refused') {
    const { outcome, clause, alert, because } = prediction
    return { outcome, clause, alert, because }
  }
  const { outcome, version, suite, helloRetryRequest } = prediction
  return {
    outcome,
    version: versionHex(version),
    cipher: suite.toString(16).padStart(4, '0'),
    hello_retry_request: helloRetryRequest,
  }
}

function profileOf(file: string, io: Io): ServerProfile {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(resolve(io.cwd, file), 'utf8'))
  } catch (error) {
    throw new Fault(
      'input',
      'profile-unreadable',
      `cannot read the server profile ${file}: ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
  const read = readProfile(json)
  if (read.ok) return read.profile
  throw new Fault('input', 'profile-wrong', `${file} is not a server profile: ${read.problems[0]}`, {
    hint:
      read.problems.slice(1).join('; ') ||
      '{"min_version": "TLS 1.2", "max_version": "TLS 1.3"} is the least',
  })
}

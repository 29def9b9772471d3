import { closeSync, openSync, readSync } from 'node:fs'
import type { Finding } from '../model/finding.ts'
import type { Version } from '../model/version.ts'
import { decode } from './decode.ts'
import { formatOf, formatsOf } from './language.ts'
import type { Prefilter } from './prefilter.ts'
import { projectOf } from './project.ts'
import type { Format } from './recipe.ts'
import { isReadByPath, scanText } from './scan-text.ts'
import { folderOf, type Skip, type SkipReason, Skips } from './walk.ts'

/** Larger files are not parsed; nobody writes 4 MB of code by hand. */
const largestParsed = 4_000_000
/** A line longer than this, in a file of some size, is made by a machine. */
const longestLine = 20_000

export interface Batch {
  findings: Finding[]
  ignored: number
  files: number
  bytes: number
  /** Files with a literal of some recipe, which were parsed. */
  parsed: number
  /** Files that may hold something and were not scanned yet. */
  candidates: string[]
  skips: Skip[]
}

/** `sift` reads and filters, `scan` reads and parses what was sifted, `both` does all in one go; `named` parses without a filter what a person named. */
export type Step = 'sift' | 'scan' | 'both' | 'named'

export type FileReader = (paths: readonly string[], step: Step) => Batch

/** Reads, filters and scans files, one after the other in the room of the filter. */
export function fileReader(
  root: string,
  { floor, prefix = '' }: { floor: Version; prefix?: string },
  prefilter: Prefilter,
): FileReader {
  const folder = folderOf(root)
  const { room, passes } = prefilter
  const projects = new Map<string, ReturnType<typeof projectOf>>()
  return (paths, step) => {
    const skips = new Skips()
    const batch: Batch = {
      findings: [],
      ignored: 0,
      files: 0,
      bytes: 0,
      parsed: 0,
      candidates: [],
      skips: [],
    }
    for (const path of paths) {
      const length = readInto(folder + path)
      if (typeof length === 'string') {
        skips.add(length, path)
        continue
      }
      const formats = formatsOf(path)
      if (step !== 'scan') {
        batch.files++
        batch.bytes += length
        if (step !== 'named' && !isWide(room, length) && !passes(length, formats) && !isReadByPath(path))
          continue
      }
      if (step === 'sift') batch.candidates.push(path)
      else scanOne(path, length, formats)
    }
    batch.skips = [...skips.byReason.values()]
    return batch

    function passOver(reason: SkipReason, path: string, length: number) {
      skips.add(reason, path)
      if (step !== 'named') return
      batch.files--
      batch.bytes -= length
    }

    function scanOne(path: string, length: number, formats: readonly Format[] | undefined) {
      const decoded = length > largestParsed ? 'too large' : (decode(room.subarray(0, length)) ?? 'binary')
      if (typeof decoded === 'string') return passOver(decoded, path, length)
      const { text } = decoded
      if (!formatOf(path, text.slice(0, 2000))) return passOver('document', path, length)
      const isWideText = decoded.encoding.startsWith('utf16')
      if (isWideText && !passes(room.write(text, 'latin1'), formats) && !isReadByPath(path)) return
      if (length > 100_000 && isMinified(text)) return passOver('minified', path, length)
      batch.parsed++
      const found = scanText(path, text, { floor, prefix, project: () => projectOf(root, path, projects) })
      batch.findings.push(...found.findings)
      batch.ignored += found.ignored
    }
  }

  function readInto(path: string): number | 'unreadable' | 'special' | 'too large' {
    let file: number
    try {
      file = openSync(path, 'r')
    } catch {
      return 'unreadable'
    }
    try {
      const length = readSync(file, room, 0, room.length, null)
      return length < room.length ? length : 'too large'
    } catch {
      return 'unreadable'
    } finally {
      closeSync(file)
    }
  }
}

/** UTF-16 by its mark or by zeros near the start. */
function isWide(bytes: Uint8Array, length: number): boolean {
  if (length < 2) return false
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true
  return (
    length >= 4 &&
    ((bytes[1] === 0 && bytes[3] === 0 && bytes[0] !== 0) ||
      (bytes[0] === 0 && bytes[2] === 0 && bytes[1] !== 0))
  )
}

function isMinified(text: string): boolean {
  let at = 0
  while (at < text.length) {
    const end = text.indexOf('\n', at)
    const stop = end < 0 ? text.length : end
    if (stop - at > longestLine) return true
    at = stop + 1
  }
  return false
}

import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { whyUnreadable } from '../../base/unreadable.ts'

/** A table that somebody wrote is smaller. */
const largestBytes = 64_000_000

/** Reads text files that another file names, relative to it. What is wrong with one is an answer. */
export function textBeside(
  path: string,
): (file: string) => { ok: true; text: string } | { ok: false; why: string } {
  return file => {
    const wanted = resolve(dirname(path), file)
    try {
      if (statSync(wanted).size > largestBytes) return { ok: false, why: 'it is too large' }
      return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(wanted)) }
    } catch (cause) {
      return { ok: false, why: cause instanceof TypeError ? 'it is not text in UTF-8' : whyUnreadable(cause) }
    }
  }
}

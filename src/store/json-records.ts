/**
 * JSON that people and exports write over many lines, or as one list, as one record per line: what every source reads. Records that are whole
 * are kept whatever stands between them; a broken one becomes a line that no source takes, to be counted with the skips.
 */

/** Lists under these keys hold the records of an export. */
const names = 'records|Records|logs|events|Events|logEvents|entries|items|results|value|data|hits|expected'
/** A record that begins with the list. */
const firstKey = new RegExp(`^\\{\\s*"(${names})"\\s*:\\s*$`)
/** The list of the first record, after what the export says of itself; and of those that follow it under the same key. */
const someKey = new RegExp(`[{,]\\s*"(${names})"\\s*:\\s*$`)
/** The answer of a search in Elasticsearch has its list one level down. */
const searchKey = /"hits"\s*:\s*\{(?:[^{}[\]]|\{[^{}[\]]*\})*"hits"\s*:\s*$/
const wrapped = new RegExp(`^\\{(?:.{0,2000},)?\\s*"(?:${names})"\\s*:\\s*\\[\\s*\\{`)
/** These are read in one line by their own sources. */
const ownWrapper = /^\{\s*"(?:records|Records)"/

/** So much of a file tells whether it is a document. */
export const documentStart = 64 << 10

/** Whether a file that starts so is JSON with records that are not one to a line. */
export function isDocument(start: string): boolean {
  const text = start.replace(/^\uFEFF?\s*/, '')
  if (/^\[\s*\{/.test(text)) return true
  if (text[0] !== '{') return false
  const end = text.indexOf('\n')
  const first = end === -1 ? text : text.slice(0, end)
  if (end === -1 || isJson(first)) return wrapped.test(first) && !ownWrapper.test(first)
  return /^\s*["{}[\]]/.test(text.slice(end + 1))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A record that goes on for longer has lost its end. */
const longestRecord = 64 << 20
/** What is left of one that is broken. */
const keptOfBroken = 1000
/** A wrapper says this much of itself at most before its list. */
const longestPreface = 4000

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const newline = 0x0a
const openObject = 0x7b
const closeObject = 0x7d
const openList = 0x5b
const closeList = 0x5d

/** The records of JSON, each with a line end. Takes the chunks over: line ends within records are blanked in place. */
export async function* eachRecord(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  /** Of the record that is being read: what earlier chunks held. */
  let held: Buffer[] = []
  let heldBytes = 0
  /** Braces and brackets that are open. */
  let open: number[] = []
  /** The last byte that says something, of the record. */
  let previous = 0
  let inText = false
  let escaped = false
  let inDebris = false
  let isFirst = true
  /** The key of the list that wraps the records; none so far where empty. */
  let wrapper = ''
  /** Blanks since the start of the line; -1 after anything else. */
  let column = 0
  /** Where the line was at the brace that opened the record. */
  let indent = -1
  let ready: Buffer[] = []
  for await (const chunk of chunks) {
    let from = open.length > 0 || inDebris ? 0 : -1
    const taken = (to: number) => Buffer.concat([...held, chunk.subarray(Math.max(from, 0), to)])
    const start = (at: number) => {
      held = []
      heldBytes = 0
      from = at
    }
    const drop = () => {
      start(-1)
      open = []
      inText = escaped = inDebris = false
    }
    const put = (line: Buffer) => {
      ready.push(line, lineEnd)
      drop()
    }
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (inText) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) inText = false
        else if (byte === newline) {
          // No text of JSON holds a line end: the record is broken.
          put(taken(at).subarray(0, keptOfBroken))
          column = 0
        }
        continue
      }
      if (byte === newline || byte === 0x0d) {
        if (inDebris && byte === newline) put(taken(at).subarray(0, keptOfBroken))
        else if (open.length > 0) chunk[at] = 0x20
        column = 0
        continue
      }
      if (byte === 0x20 || byte === 0x09) {
        if (column >= 0) column++
        continue
      }
      const here = column
      column = -1
      if (inDebris) continue
      if (open.length === 0) {
        if (byte === openObject) {
          start(at)
          open = [byte]
          previous = byte
          indent = here
        } else if (byte === quote && wrapper !== '') {
          // What a wrapper says of itself after its list.
          from = at
          inDebris = true
        } else if (!isBetween(byte)) {
          start(at)
          inDebris = true
        }
        continue
      }
      const before = previous
      previous = byte
      if (byte === quote) inText = true
      else if (byte === openObject) {
        // As far out as the one before, or where a key belongs: that one has lost its end.
        const isNew =
          (here >= 0 && here === indent) ||
          (open.at(-1) === openObject && (before === comma || before === openObject))
        if (isNew) {
          put(taken(at).subarray(0, keptOfBroken))
          start(at)
          indent = here
        }
        open.push(byte)
      } else if (byte === openList) {
        const mayWrap = open.length <= (isFirst ? 2 : 1) && heldBytes + at - from < longestPreface
        const key = mayWrap ? wrapperIn(taken(at), open.length, isFirst, wrapper) : ''
        if (key !== '') {
          wrapper = key
          drop()
        } else open.push(byte)
      } else if (byte === closeObject || byte === closeList) {
        open.pop()
        if (open.length > 0) continue
        put(taken(at + 1))
        isFirst = false
      }
    }
    yield* ready
    ready = []
    if (from >= 0) {
      held.push(chunk.subarray(from))
      heldBytes += chunk.length - from
    }
    if (heldBytes > longestRecord) {
      yield Buffer.concat([Buffer.concat(held).subarray(0, keptOfBroken), lineEnd])
      held = []
      heldBytes = 0
      open = []
      inText = escaped = inDebris = false
    }
  }
  if (heldBytes > 0) yield Buffer.concat([Buffer.concat(held).subarray(0, keptOfBroken), lineEnd])
}

const lineEnd = Buffer.from('\n')

/** The key whose list begins behind this text, when it holds records; else an empty text. */
function wrapperIn(before: Buffer, depth: number, isFirst: boolean, wrapper: string): string {
  const text = before.toString('latin1')
  if (depth === 2) return isFirst && searchKey.test(text) ? 'hits' : ''
  const first = firstKey.exec(text)?.[1]
  if (first !== undefined) return first
  const key = someKey.exec(text)?.[1] ?? ''
  return isFirst || key === wrapper ? key : ''
}

/** What may stand between records: commas, brackets of lists and wrappers, the mark at the start of a file. */
function isBetween(byte: number): boolean {
  return (
    byte === comma ||
    byte === openList ||
    byte === closeList ||
    byte === closeObject ||
    byte === 0xef ||
    byte === 0xbb ||
    byte === 0xbf
  )
}

import { plural } from '../../base/text.ts'
import type { Progress } from '../../store/database.ts'
import type { Io } from '../command.ts'

/** What is to be read, as far as it is known before. */
export interface Piece {
  name: string
  sizeBytes: number
  packed: boolean
}

export interface ProgressLine {
  /** The piece of this number is next. */
  start(index: number): void
  /** Takes the line away. */
  end(): void
}

const everyMs = 400
/** Of the time for a file, this share goes into finding out what of it is new. */
const lookShare = 0.12
/** A line is written to the table of observations and to the one before it, from which that is filled. */
const writtenPerLine = 2
const usualLineBytes = 200
/** How many times as long logs are without packing, until one has been read. */
const usualRatio = 8

/** On a terminal, a line on stderr with how far, how fast and how long still; elsewhere nothing. `watch` asks the engine. */
export function progressLine(io: Io, pieces: readonly Piece[], watch: () => Promise<Progress>): ProgressLine {
  if (!io.stderr.isTTY) return { start: () => {}, end: () => {} }
  let ratio = usualRatio
  let lineBytes = usualLineBytes
  const lengthOf = ({ sizeBytes, packed }: Piece) => sizeBytes * (packed ? ratio : 1)
  const startMs = io.now()
  let index = 0
  /** How much of the piece is done, 0 to 1: it never goes back. */
  let share = 0
  /** Bytes of it that were looked at, without packing. */
  let looked = 0
  let asking = false
  const timer = setInterval(async () => {
    if (asking) return
    asking = true
    try {
      learn(await watch())
      show()
    } catch {
      // The engine is closing: the line goes with it.
    } finally {
      asking = false
    }
  }, everyMs)
  return {
    start(next) {
      index = next
      share = 0
      looked = 0
      show()
    },
    end() {
      clearInterval(timer)
      io.stderr.write('\r\u001b[K')
    },
  }

  function learn({ readRows, readBytes, writtenRows }: Progress): void {
    const piece = pieces[index]
    if (!piece || lengthOf(piece) === 0) return
    if (writtenRows === 0) {
      looked = Math.max(looked, readBytes)
      if (readRows > 1000) lineBytes = readBytes / readRows
      share = Math.max(share, lookShare * Math.min(1, readBytes / lengthOf(piece)))
    } else {
      if (piece.packed && looked > piece.sizeBytes) ratio = looked / piece.sizeBytes
      const part = Math.min(1, (writtenRows / writtenPerLine) * (lineBytes / lengthOf(piece)))
      share = Math.max(share, lookShare + (1 - lookShare) * part)
    }
  }

  function show(): void {
    const piece = pieces[index]
    if (!piece) return
    const done = pieces.slice(0, index).reduce((sum, each) => sum + lengthOf(each), 0)
    const all = pieces.reduce((sum, each) => sum + lengthOf(each), 0)
    const part = all > 0 ? Math.min(0.99, (done + share * lengthOf(piece)) / all) : 0
    const seconds = (io.now() - startMs) / 1000
    const words = [
      pieces.length > 1 ? `${index + 1} of ${pieces.length} ${piece.name}` : piece.name,
      share > lookShare ? 'taking in' : 'looking',
      ...(part > 0 ? [`${Math.floor(part * 100)} %`] : []),
      ...(seconds > 0 && part > 0 ? [`${Math.round((part * all) / seconds / 1e6)} MB/s`] : []),
      ...(part > 0.01 && seconds > 1 ? [`${leftText((seconds * (1 - part)) / part)} left`] : []),
    ]
    const width = (io.stderr.columns ?? 80) - 1
    const [name = '', ...rest] = words
    const tail = rest.join('  ')
    const room = Math.max(8, width - tail.length - 2)
    io.stderr.write(`\r\u001b[K${name.length > room ? `…${name.slice(1 - room)}` : name}  ${tail}`)
  }
}

function leftText(seconds: number): string {
  if (seconds < 90) return plural(Math.max(1, Math.round(seconds)), 'second')
  return seconds < 5400
    ? plural(Math.round(seconds / 60), 'minute')
    : plural(Math.round(seconds / 3600), 'hour')
}

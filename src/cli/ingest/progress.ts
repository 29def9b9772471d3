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
const lookShare = 0.2
/** How many times as long logs are without packing, until one has been read. */
const usualRatio = 8

/** On a terminal, a line on stderr with how far, how fast and how long still; elsewhere nothing. `watch` asks the engine. */
export function progressLine(io: Io, pieces: readonly Piece[], watch: () => Promise<Progress>): ProgressLine {
  if (!io.stderr.isTTY) return { start: () => {}, end: () => {} }
  let ratio = usualRatio
  const lengthOf = ({ sizeBytes, packed }: Piece) => sizeBytes * (packed ? ratio : 1)
  const startMs = io.now()
  let index = 0
  let seen: Progress = { rows: 0, bytes: 0, inserting: false }
  let asking = false
  const timer = setInterval(async () => {
    if (asking) return
    asking = true
    try {
      seen = await watch()
      show()
    } catch {
      // The engine is closing: the line goes with it.
    } finally {
      asking = false
    }
  }, everyMs)
  return {
    start(next) {
      const last = pieces[index]
      if (next > index && last?.packed && seen.inserting && last.sizeBytes > 0)
        ratio = Math.max(1, seen.bytes / last.sizeBytes)
      index = next
      seen = { rows: 0, bytes: 0, inserting: false }
      show()
    },
    end() {
      clearInterval(timer)
      io.stderr.write('\r\u001b[K')
    },
  }

  function show(): void {
    const piece = pieces[index]
    if (!piece) return
    const done = pieces.slice(0, index).reduce((sum, each) => sum + lengthOf(each), 0)
    const all = pieces.reduce((sum, each) => sum + lengthOf(each), 0)
    const read = lengthOf(piece) > 0 ? Math.min(1, seen.bytes / lengthOf(piece)) : 0
    const share = seen.inserting ? lookShare + (1 - lookShare) * read : lookShare * read
    const part = all > 0 ? (done + share * lengthOf(piece)) / all : 0
    const seconds = (io.now() - startMs) / 1000
    const words = [
      pieces.length > 1 ? `${index + 1} of ${pieces.length} ${piece.name}` : piece.name,
      seen.inserting ? 'taking in' : 'looking',
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

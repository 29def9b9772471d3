import { readFileSync } from 'node:fs'
import type { SegmentName } from './segment.ts'

/**
 * Whether the process that opened a segment still runs on this machine, for callers that did not start it themselves. A pid that belongs
 * to a younger process counts as dead where the start time can be read (Linux, proc(5)); elsewhere the pid alone decides.
 */
export function isWriterAlive(writer: Pick<SegmentName, 'pid' | 'startMs'>): boolean {
  try {
    process.kill(writer.pid, 0)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const startedMs = processStartMs(writer.pid)
  // Both clocks round, and the writer opens its spool after its process started.
  return startedMs === undefined || startedMs <= writer.startMs + 1500
}

/** Boot time plus field 22 of /proc/PID/stat, in ticks of which Linux always shows 100 a second; undefined where there is no such file. */
function processStartMs(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
    const bootS = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1])
    const startedMs = bootS * 1000 + ticks * 10
    return Number.isFinite(startedMs) ? startedMs : undefined
  } catch {
    return undefined
  }
}

import { minuteMs, secondMs } from '../base/time.ts'
import type { Window } from '../model/api.ts'

/** Answers about a window are kept until something changes, and for so many windows: each holds what some 10,000 accounts did. */
const mostKept = 4
/** A window that ends so close to now moves with the clock: its answers are those of the same span a moment ago. */
const liveMs = 2 * minuteMs
/** An old answer is given while the new one is made, but never one that has been old for longer. */
const mostStaleMs = 20 * secondMs
/** Windows that nobody asked about for so long are not kept fresh. */
const idleMs = 2 * minuteMs

export interface KeptAnswers<Answer> {
  /** The answer about a window, when `isFresh` with all that `outdate` was told of; throws what making it throws. */
  ask(window: Window, isFresh?: boolean): Promise<Answer>
  /** Something has changed that whoever asks for a fresh answer wants to see. */
  outdate(): void
  /** What is kept is old now. Resolves when the answers that somebody waits for are fresh. */
  renew(): Promise<void>
  /** What is kept is wrong now. */
  forget(): void
}

interface Entry<Answer> {
  window: Window
  answer: Answer | undefined
  making: Promise<Answer> | undefined
  /** Since when something has changed that the answer does not know; undefined: nothing has. */
  staleSinceMs: number | undefined
  /** Something has changed since the new answer was begun. */
  isOvertaken: boolean
  /** Neither the answer nor the one that is being made knows the change that `outdate` told of. */
  isOutdated: boolean
  askedMs: number
}

/**
 * Keeps answers that are costly to make. When they grow old, whoever asks gets the old one for a moment, at most 20 s, while the new one is
 * made; nobody ever gets an answer that was made from what has been changed for longer.
 */
export function keptAnswers<Answer>(
  make: (window: Window, before: Answer | undefined) => Promise<Answer>,
  now: () => number,
): KeptAnswers<Answer> {
  const kept = new Map<string, Entry<Answer>>()

  const remake = (key: string, entry: Entry<Answer>, window: Window): Promise<Answer> => {
    if (entry.making) return entry.making
    const startedMs = now()
    entry.isOvertaken = false
    entry.isOutdated = false
    entry.making = make(window, entry.answer).then(
      answer => {
        entry.answer = answer
        entry.window = window
        entry.staleSinceMs = entry.isOvertaken ? startedMs : undefined
        entry.making = undefined
        return answer
      },
      error => {
        entry.making = undefined
        if (entry.answer === undefined && kept.get(key) === entry) kept.delete(key)
        throw error
      },
    )
    return entry.making
  }

  return {
    async ask(window, isFresh = false) {
      const nowMs = now()
      const isLive = !window.named && Math.abs(window.toMs - nowMs) <= liveMs
      const key = isLive
        ? `last ${window.toMs - window.fromMs}`
        : `${window.fromMs} ${window.toMs} ${window.named ?? false}`
      const entry = kept.get(key) ?? {
        window,
        answer: undefined,
        making: undefined,
        staleSinceMs: undefined,
        isOvertaken: false,
        isOutdated: false,
        askedMs: nowMs,
      }
      entry.askedMs = nowMs
      // The one asked for last stands last.
      kept.delete(key)
      kept.set(key, entry)
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break
        kept.delete(oldest)
      }
      if (isFresh && entry.isOutdated && entry.making) await entry.making.catch(() => {})
      if (isFresh && (entry.isOutdated || entry.making)) return remake(key, entry, window)
      if (entry.answer === undefined) return remake(key, entry, window)
      const endMs = entry.window.toMs
      const sinceMs = Math.min(entry.staleSinceMs ?? nowMs, window.toMs > endMs ? endMs : nowMs)
      if (entry.staleSinceMs === undefined && window.toMs <= endMs) return entry.answer
      const fresh = remake(key, entry, window)
      if (nowMs - sinceMs > mostStaleMs) return fresh
      fresh.catch(() => {})
      return entry.answer
    },
    async renew() {
      const nowMs = now()
      const wanted: Promise<unknown>[] = []
      for (const [key, entry] of kept) {
        if (entry.answer === undefined && !entry.making) continue
        entry.staleSinceMs ??= nowMs
        entry.isOvertaken = true
        if (nowMs - entry.askedMs > idleMs) continue
        // One that is being made may not know the change: another follows it.
        const again = () => remake(key, entry, entry.window)
        wanted.push(entry.making ? entry.making.then(again, again) : again())
      }
      await Promise.allSettled(wanted)
    },
    outdate() {
      for (const entry of kept.values()) entry.isOutdated = true
    },
    forget: () => kept.clear(),
  }
}

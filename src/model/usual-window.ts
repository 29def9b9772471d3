import { dayMs, minuteMs } from '../base/time.ts'
import type { Window } from './api.ts'

/** Who was seen in so many days counts: a quarter, in which a monthly job has come three times and a quarterly one once. */
export const usualWindowDays = 90

/** So much is looked at before a window as well, to know how often the jobs of an account run; a rhythm shows in several cycles only. */
export const rhythmDays = 90

/** The window of the console and of every command when none is named, up to the full minute: the same question within it has the same answer. */
export function usualWindow(nowMs: number, days = usualWindowDays): Window {
  const toMs = Math.ceil(nowMs / minuteMs) * minuteMs
  return { fromMs: toMs - days * dayMs, toMs }
}

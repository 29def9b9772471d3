/**
 * Which texts of a line make a difference, as places between quotation marks: plain data, made from the operator's own format (fold.ts) and handed
 * to those who count lines.
 */
export interface LinePlaces {
  /** As many parts a line has between its quotation marks. */
  parts: number
  /** The first bracket, which holds the time, follows the first blank after so many characters. */
  clockAfter: number
  /** At most `most.keys`. */
  keys: readonly PartSpan[]
  /** A place of which one thing only is asked: whether one of these short texts stands there. */
  asked: { at: PartSpan; among: readonly string[] } | null
  address: PartSpan | null
}

/** From the start of one part to the end of another, both counted from 1; or a word of the one part, counted from 1 or, negative, from its end. */
export interface PartSpan {
  part: number
  to: number
  word?: number
}

/** What lines.c has room for. */
export const most = { keys: 6, parts: 60, asked: 8, askedBytes: 8 } as const

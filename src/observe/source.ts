import type { HelloPart } from './logged-hello.ts'
import type { Sql } from './sql.ts'

/**
 * One kind of log. A source does not parse: it tells the database engine how to, so that a file is read at the speed of the engine and every
 * line becomes an observation or a skip with its reason.
 */
export interface Source {
  id: string
  title: string
  /** What the operator must switch on, ready to be copied. */
  setup: string
  /** What the log can tell. */
  sees: readonly Sees[]
  /** What it cannot, shown beside every verdict that rests on it. */
  blind: readonly string[]
  /** Where the facts come from. */
  sources: readonly string[]
  /** Whether these lines are of this kind, and where its values are. Pure. */
  detect(sample: Sample): Detected | null
  /** How the engine reads a file of that layout. Pure. */
  read(layout: Layout): Reading
}

export type Sees =
  | 'negotiated'
  | 'offered'
  | 'suite'
  | 'group'
  | 'sni'
  | 'address'
  | 'account'
  | 'userAgent'
  | 'operation'
  | 'refusals'

/** The beginning of a file, or of several lines that are alike. */
export interface Sample {
  /** Cut to some thousand characters each, without line ends. */
  lines: readonly string[]
  /** Lines that start with `#Fields` or `#fields`, of the whole file, with their number. */
  headers: readonly { line: number; text: string }[]
  /** When the file was last written, for logs whose lines do not tell the year. */
  fileMs: number
}

export interface Detected {
  /** `sure`: no other source writes such lines. `maybe`: others write the same. */
  certainty: 'sure' | 'maybe'
  layout: Layout
}

/** Where the values of a line are, as found in the sample. Plain data, so that it can be shown. */
export interface Layout {
  /** Names a form that the source tells apart: `json`, `text`, `tskv` … */
  form: string
  at: Partial<Record<ValueName, Place>>
  /** How instants are written: `22/Nov/2026:17:28:05 +0000`, or anything that is read without being told. Absent: the latter. */
  time?: 'common' | 'any'
  headers?: readonly { line: number; fields: readonly string[] }[]
  /** Where lists of the client's hello stand as hex. */
  hello?: Partial<Record<HelloPart, Place>>
  /** Of text that is cut at quotation marks, where nearly all lines have as many of them. */
  quoted?: QuotedLines
  fileMs: number
}

/** What lines cut at quotation marks have in common. */
export interface QuotedLines {
  /** How many words each part of a line has, in order; null where that differs. */
  words: readonly (number | null)[]
  /** Every address stands there without port and brackets. */
  bareAddress: boolean
  /** The first bracket holds the time, as `[22/Nov/2026:17:28:05 +0000]`, so many characters after the first blank; null: it does not. */
  clockAfter: number | null
}

/** The values that sources look for, as the log spells them. */
export type ValueName =
  | 'time'
  | 'version'
  /** Highest version offered, where the log has both. */
  | 'offered'
  | 'cipher'
  | 'curve'
  | 'address'
  | 'account'
  | 'sni'
  | 'userAgent'
  | 'operation'
  | 'service'
  | 'count'
  /** Of the HTTP answer. */
  | 'status'

export type Place =
  /** In JSON: the first of these paths that has a value. */
  | { keys: readonly (readonly string[])[] }
  /** In text cut at quotation marks: which part, and which word of it. From 1; negative counts from the end; `words` joins several. */
  | TextPlace
  /** In text cut into words, or into fields: which one, from 1. */
  | { field: number }
  /** In `key=value` lists: which key. */
  | { key: string }

export interface TextPlace {
  part: number
  word?: number
  words?: number
  piece?: Piece
}

/** A part of a text: between separators, after `name=`, or without brackets or quotes around it; `of` is what of the text is cut, else all. */
export type Piece = ({ between: string; at: number } | { after: string } | { without: string }) & {
  of?: Piece
}

/** What the engine needs to read a log. All of it is SQL over the names given. */
export interface Reading {
  /** `JSONAsString` where one value may span lines; line numbers then count values. */
  format: 'LineAsString' | 'JSONAsString'
  /** Over `line`: the line that it carries, outermost first, where another program wrapped the log. */
  unwrap?: readonly Sql[]
  /** Over `line`: an array with the records of a line; absent where a line is a record. */
  records?: Sql
  /** Over `line` (and `seq`): the line cut up, once; named `cut`. */
  cut?: Sql
  /** Over `line`, `cut` and `seq`: texts by name. */
  values: Readonly<Record<string, Sql>>
  /** Over the values: what `reject` and `row` use more than once, by name. */
  steps?: Readonly<Record<string, Sql>>
  /** Over the values, the steps and `instant`, which is `row.at`: why the line gives no observation, or an empty text. */
  reject: Sql
  /** Over the values and the steps: columns of the observation; those left out are empty, 0, or as `defaults` says. */
  row: Readonly<Record<string, Sql>>
  /** Over the values and the steps: what the line says of the client's hello, as one text (logged-hello.ts). */
  hello?: Sql
  /** Where `cut` is the line cut at quotation marks and nothing else: what is known of its lines, and the places of values. */
  quoted?: QuotedLines & { at: Layout['at'] }
}

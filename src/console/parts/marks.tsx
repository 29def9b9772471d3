import type { VerdictKind } from '../../model/verdict.ts'
import { verdictMeanings, verdictNames } from '../text.ts'

/** Each verdict has its own shape besides its colour and its word. */
const shapes: Record<VerdictKind, string> = {
  breaks: 'M8 1.5 14.5 8 8 14.5 1.5 8zM5.6 5.6l4.8 4.8m0-4.8-4.8 4.8',
  unsure: 'M8 1.8 14.6 13.6H1.4zM8 6.2v3.2m0 1.9v.1',
  unseen: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2m-2.4 6h4.8',
  clear: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M5.3 8.2l1.9 1.9 3.6-3.9',
}

export function VerdictMark({ kind }: { kind: VerdictKind }) {
  return (
    <span class={`verdict ${kind}`} title={verdictMeanings[kind]}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={shapes[kind]} />
      </svg>
      {verdictNames[kind]}
    </span>
  )
}

/** The sun going down behind a horizon. */
export function Brand() {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="sunset" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stop-color="#f5a524" />
          <stop offset=".55" stop-color="#e8590c" />
          <stop offset="1" stop-color="#a33b8f" />
        </linearGradient>
      </defs>
      <path fill="url(#sunset)" d="M4 19a12 12 0 0 1 24 0z" />
      <path fill="#a33b8f" d="M2 21h28v2H2zM6 25h20v2H6z" />
    </svg>
  )
}

/** A time for people, exact in its tooltip. */
export function Time({ atMs, children }: { atMs: number; children: string }) {
  const iso = new Date(atMs).toISOString()
  return (
    <time dateTime={iso} title={`${iso.slice(0, 19).replace('T', ' ')} UTC`}>
      {children}
    </time>
  )
}

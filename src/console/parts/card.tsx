import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** A titled part of the page. */
export function Card(props: {
  title: string
  note?: ComponentChildren
  tools?: ComponentChildren
  class?: string
  children: ComponentChildren
}) {
  const id = useId()
  return (
    <section class={`card ${props.class ?? ''}`} aria-labelledby={id}>
      <header class="card-head">
        <h2 id={id}>{props.title}</h2>
        {props.note !== undefined && <div class="card-note">{props.note}</div>}
        {props.tools}
      </header>
      {props.children}
    </section>
  )
}

/** What a part shows while there is nothing to show: why, and what would change that. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  )
}

/** Grey bars in the place of an answer that is on its way. */
export function Waiting({ lines = 3 }: { lines?: number }) {
  return (
    <div class="waiting" role="status" aria-label="loading">
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  )
}

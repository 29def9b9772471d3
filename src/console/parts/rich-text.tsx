import type { ComponentChildren } from 'preact'

/** The little Markdown that remedies are written in: headings, paragraphs, lists, code. Everything else stays text. */
export function RichText({ text }: { text: string }) {
  const parts = text.split(/^```.*$/m)
  return (
    <div class="rich">
      {parts.map((part, i) => (i % 2 === 1 ? <pre key={`${i}`}>{part.trim()}</pre> : blocksOf(part, i)))}
    </div>
  )
}

function blocksOf(text: string, place: number): ComponentChildren {
  return text
    .split(/\n{2,}/)
    .map(block => block.trim())
    .filter(block => block !== '')
    .map((block, i) => {
      const key = `${place} ${i}`
      if (block.startsWith('## ')) return <h5 key={key}>{block.slice(3)}</h5>
      if (block.startsWith('- '))
        return (
          <ul key={key}>
            {block.split(/\n(?=- )/).map(item => (
              <li key={item}>{inline(item.slice(2))}</li>
            ))}
          </ul>
        )
      return <p key={key}>{inline(block)}</p>
    })
}

function inline(text: string): ComponentChildren {
  return text.split('`').map((part, i) => (i % 2 === 1 ? <code key={`${i}`}>{part}</code> : part))
}

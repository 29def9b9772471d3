export interface Column {
  title: string
  align?: 'right'
  /** Takes what width is left and breaks into lines. At most one column does. */
  wraps?: true
}

/** Rows under a header, two spaces between columns, no line longer than `width` as long as the fixed columns fit. */
export function textTable(columns: readonly Column[], rows: readonly string[][], width: number): string[] {
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...rows.map(row => (row[i] ?? '').length)),
  )
  const wraps = columns.findIndex(column => column.wraps)
  if (wraps >= 0) {
    const others = widths.reduce((sum, size, i) => sum + (i === wraps ? 0 : size + 2), 0)
    widths[wraps] = Math.min(widths[wraps]!, Math.max(24, width - others))
  }
  const header = columns.map(column => column.title)
  return [header, ...rows].flatMap(row => {
    const cells = row.map((cell, i) => (i === wraps ? wrapText(cell, widths[i]!) : [cell]))
    const height = Math.max(1, ...cells.map(lines => lines.length))
    return Array.from({ length: height }, (_, at) =>
      cells
        .map((lines, i) => pad(lines[at] ?? '', widths[i]!, columns[i]?.align))
        .join('  ')
        .trimEnd(),
    )
  })
}

/** Lines of at most `width` characters, broken at spaces; a longer word stays whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width)
}

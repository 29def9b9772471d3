/** Where a preset comes from, and how surely it says what its source says. */
export interface Checked {
  source: string
  /** The month in which it was compared. */
  checked: string
  /** `primary`: with the text of the source itself; `secondary`: with what others say of it, named in `via`. */
  basis: 'primary' | 'secondary'
  /** What was read instead of the source; present with `secondary`. */
  via?: string
}

/** `2026-11, the text itself`, `2026-11, by way of …`: for documentation. */
export function checkedText({ checked, basis, via }: Checked): string {
  return basis === 'primary' ? `${checked}, the text itself` : `${checked}, by way of ${via ?? 'others'}`
}

/** 1204 is `1,204`. By hand: the first `Intl.NumberFormat` of a process takes longer than most of a small command. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 client`, `1,204 clients`; the plural form is given where adding an s is wrong. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

/** A share of 0 to 1 as `18 %`, `0.6 %`, `under 0.1 %`; never 0 % or 100 % for what is not exactly that. */
export function percentText(share: number): string {
  const percent = share * 100
  if (percent === 0 || percent === 100) return `${percent} %`
  if (percent < 0.1) return 'under 0.1 %'
  if (percent > 99.9) return 'over 99.9 %'
  return `${percent < 10 || percent > 99 ? Number(percent.toFixed(1)) : Math.round(percent)} %`
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`
}

/**
 * A text from outside as it can be shown on a terminal: what moves the cursor, changes colours or the direction of writing stands there as
 * `\\x1b` or `\\u{202e}`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, sign => {
    const code = sign.codePointAt(0)!
    if (sign === '\t') return ' '
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** Text of a file with what is needed to write it back as it was. */
export interface Decoded {
  text: string
  encoding: 'utf8' | 'utf16le' | 'utf16be' | 'latin1'
  bom: boolean
}

/**
 * Decodes UTF-8, UTF-16 (by byte order mark, or by the zero bytes of ASCII text) and, for anything else, Latin-1, so that every byte survives a
 * round trip. Undefined for binary content.
 */
export function decode(bytes: Uint8Array): Decoded | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.length >= 2 && view[0] === 0xff && view[1] === 0xfe)
    return { text: view.toString('utf16le', 2), encoding: 'utf16le', bom: true }
  if (view.length >= 2 && view[0] === 0xfe && view[1] === 0xff)
    return { text: swapped(view.subarray(2)).toString('utf16le'), encoding: 'utf16be', bom: true }
  const head = view.subarray(0, 4096)
  if (head.includes(0)) {
    const wide = wideOrder(head)
    if (!wide) return undefined
    return {
      text: (wide === 'utf16le' ? view : swapped(view)).toString('utf16le'),
      encoding: wide,
      bom: false,
    }
  }
  const bom = view.length >= 3 && view[0] === 0xef && view[1] === 0xbb && view[2] === 0xbf
  const body = bom ? view.subarray(3) : view
  const text = body.toString('utf8')
  if (text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(body))
    return { text: body.toString('latin1'), encoding: 'latin1', bom }
  return { text, encoding: 'utf8', bom }
}

/** The bytes of a text in the form that `decode` found it. */
export function encode(text: string, form: Omit<Decoded, 'text'>): Buffer {
  if (form.encoding === 'utf16le' || form.encoding === 'utf16be') {
    const body = Buffer.from(form.bom ? `\ufeff${text}` : text, 'utf16le')
    return form.encoding === 'utf16le' ? body : swapped(body)
  }
  const body = Buffer.from(text, form.encoding)
  return form.bom ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) : body
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()
}

/** ASCII text in UTF-16 has its zeros in every other byte. */
function wideOrder(head: Buffer): 'utf16le' | 'utf16be' | undefined {
  let even = 0
  let odd = 0
  for (let i = 0; i < head.length; i++) if (head[i] === 0) i % 2 === 0 ? even++ : odd++
  const half = head.length / 2
  if (odd > half * 0.8 && even < half * 0.05) return 'utf16le'
  if (even > half * 0.8 && odd < half * 0.05) return 'utf16be'
  return undefined
}

import type { Setting } from './setting.ts'

/** An element with its attributes and text, in document order. */
export interface Element {
  name: string
  start: number
  /** Past the start tag. */
  end: number
  parents: string[]
  /** The `name`, `key` or `property` of the nearest element around it that has one. */
  owner: string | undefined
  attributes: {
    name: string
    value: string
    start: number
    end: number
    whole: { start: number; end: number }
  }[]
  /** Text right inside, up to the next tag. */
  text: { value: string; start: number; end: number }
}

export interface Markup {
  elements: Element[]
}

/** Reads XML and its relatives without minding whether it is well formed; comments and CDATA markers are passed over. */
export function readMarkup(text: string): Markup {
  const elements: Element[] = []
  const open: string[] = []
  const owners: (string | undefined)[] = []
  const tag =
    /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[|<[!?][^>]*>|<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*')|[^>"'])*)>/g
  for (const match of text.matchAll(tag)) {
    const name = match[2]
    if (name === undefined) continue
    if (match[1] === '/') {
      const at = open.lastIndexOf(name)
      if (at >= 0) {
        open.length = at
        owners.length = at
      }
      continue
    }
    const bodyStart = match.index + 1 + name.length
    const end = match.index + match[0].length
    const next = text.indexOf('<', end)
    const stop = next < 0 ? text.length : next
    elements.push({
      name,
      start: match.index,
      end,
      parents: [...open],
      owner: owners.at(-1),
      attributes: [...match[3]!.matchAll(/([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')/g)].map(attribute => {
        const start = bodyStart + attribute.index + attribute[0].length - attribute[2]!.length + 1
        return {
          name: attribute[1]!,
          value: attribute[2]!.slice(1, -1),
          start,
          end: start + attribute[2]!.length - 2,
          whole: { start: bodyStart + attribute.index, end: start + attribute[2]!.length - 1 },
        }
      }),
      text: { value: text.slice(end, stop).trim(), ...trimmed(text, end, stop) },
    })
    if (!match[0].endsWith('/>')) {
      open.push(name)
      owners.push(
        elements.at(-1)!.attributes.find(attribute => /^(?:name|key|property)$/i.test(attribute.name))
          ?.value ?? owners.at(-1),
      )
    }
    if (open.length > 400) {
      open.length = 0
      owners.length = 0
    }
  }
  return { elements }
}

function trimmed(text: string, start: number, end: number) {
  while (start < end && /\s/.test(text[start]!)) start++
  while (end > start && /\s/.test(text[end - 1]!)) end--
  return { start, end }
}

const isMember = /^(?:item|value|string|entry|element|member|arg|add)$/i

/** Attributes and element texts as settings: `<a b="c">d</a>` gives a.b = c and a = d; `<x name="k">v</x>` and `<x key="k" value="v"/>` give k = v. */
export function markupSettings({ elements }: Markup): Setting[] {
  const settings: Setting[] = []
  for (const element of elements) {
    const siblings: Setting[] = []
    const parents = [...element.parents, element.name]
    const add = (
      key: string,
      part: { value: string; start: number; end: number },
      keyStart: number,
      whole?: { start: number; end: number },
    ) => {
      const setting: Setting = {
        key,
        keyStart,
        parents,
        value: part.value,
        start: part.start,
        end: part.end,
        form: 'scalar',
        siblings,
        ...(whole && { whole }),
      }
      siblings.push(setting)
      settings.push(setting)
    }
    for (const attribute of element.attributes)
      add(attribute.name, attribute, attribute.whole.start, attribute.whole)
    const named = element.attributes.find(attribute =>
      /^(?:name|key|property|id|include)$/i.test(attribute.name),
    )
    const valued = element.attributes.find(attribute => /^value$/i.test(attribute.name))
    if (named && valued) add(named.value, valued, element.start)
    if (element.text.value !== '')
      add(
        named?.value ?? (isMember.test(element.name) ? (element.owner ?? element.name) : element.name),
        element.text,
        element.start,
      )
  }
  return settings
}

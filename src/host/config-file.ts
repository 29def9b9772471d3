import type { Problem } from './reg-file.ts'

/** What a .NET configuration file says about TLS. */
export interface AppConfig {
  path: string
  /** Version of `supportedRuntime sku` or `httpRuntime targetFramework`; null: the file names none. */
  target: string | null
  /** `v2.0.50727` when supportedRuntime asks for it first. */
  clr: 'v4.0.30319' | 'v2.0.50727'
  switches: Record<string, boolean>
  /** Bindings that carry certificates over net.tcp, with their sslProtocols where written. */
  netTcp: { sslProtocols?: string; line: number }[]
  problems: Problem[]
}

/** Reads app.config, web.config and machine.config, or the parts of them that a collector kept. */
export function parseAppConfig(path: string, text: string): AppConfig {
  const config: AppConfig = { path, target: null, clr: 'v4.0.30319', switches: {}, netTcp: [], problems: [] }
  let firstRuntime = true
  for (const element of readElements(text, config.problems)) {
    const { name, attributes, parents } = element
    const within = (parent: string) => parents.includes(parent)
    if (name === 'supportedruntime' && firstRuntime) {
      firstRuntime = false
      if (/^v2\.0/i.test(attributes.version ?? '')) config.clr = 'v2.0.50727'
      config.target = /Version=v([\d.]+)/i.exec(attributes.sku ?? '')?.[1] ?? config.target
    } else if (name === 'httpruntime' && attributes.targetframework) {
      config.target = attributes.targetframework
    } else if (name === 'appcontextswitchoverrides') {
      for (const part of (attributes.value ?? '').split(';')) {
        const cut = part.indexOf('=')
        if (cut > 0) config.switches[part.slice(0, cut).trim()] = /^true$/i.test(part.slice(cut + 1).trim())
      }
    } else if (
      name === 'transport' &&
      within('nettcpbinding') &&
      /^certificate$/i.test(attributes.clientcredentialtype ?? '')
    ) {
      config.netTcp.push(withProtocols(attributes, element.line))
    } else if (name === 'sslstreamsecurity') {
      config.netTcp.push(withProtocols(attributes, element.line))
    }
  }
  return config
}

function withProtocols(attributes: Record<string, string>, line: number): AppConfig['netTcp'][number] {
  return attributes.sslprotocols === undefined ? { line } : { sslProtocols: attributes.sslprotocols, line }
}

interface Element {
  /** Lower case, without prefix, as are the names of attributes and parents. */
  name: string
  attributes: Record<string, string>
  parents: readonly string[]
  line: number
}

const deepest = 200

/** Start tags in order. Enough XML for configuration files; what is malformed is listed and reading goes on behind it. */
function readElements(text: string, problems: Problem[]): Element[] {
  const elements: Element[] = []
  const open: string[] = []
  let line = 1
  let counted = 0
  const lineAt = (at: number): number => {
    for (; counted < at; counted++) if (text.charCodeAt(counted) === 10) line++
    return line
  }
  const complain = (at: number, want: string) => {
    if (problems.length < 20) problems.push({ line: lineAt(at), want })
  }
  let at = text.indexOf('<')
  while (at >= 0) {
    const skipTo = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : undefined
    if (skipTo) {
      const end = text.indexOf(skipTo, at)
      if (end < 0) {
        complain(at, `${skipTo} at the end of what starts here`)
        break
      }
      at = text.indexOf('<', end)
      continue
    }
    const end = endOfTag(text, at)
    if (end < 0) {
      complain(at, 'a closing angle bracket')
      break
    }
    const tag = text.slice(at + 1, end)
    if (tag.startsWith('/')) {
      const name = localName(tag.slice(1).trim())
      const from = open.lastIndexOf(name)
      if (from < 0) complain(at, `an opening tag before </${name}>`)
      else open.length = from
    } else if (!tag.startsWith('?') && !tag.startsWith('!')) {
      const selfClosing = tag.endsWith('/')
      const [, name = '', rest = ''] = /^([^\s/]+)([\s\S]*?)\/?$/.exec(tag) ?? []
      if (name === '') complain(at, 'a name after the angle bracket')
      else {
        elements.push({
          name: localName(name),
          attributes: readAttributes(rest),
          parents: [...open],
          line: lineAt(at),
        })
        if (!selfClosing && open.length < deepest) open.push(localName(name))
      }
    }
    at = text.indexOf('<', end)
  }
  return elements
}

/** The bracket that ends a tag, not one inside a quoted value; -1 when there is none. */
function endOfTag(text: string, from: number): number {
  let quote = ''
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at]!
    if (quote) {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '>') return at
    else if (char === '<') return -1
  }
  return -1
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase()
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const match of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes[localName(match[1]!)] = (match[2] ?? match[3]!).replace(
      /&(\w+);/g,
      (all, name) => entities[name] ?? all,
    )
  return attributes
}

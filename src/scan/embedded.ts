import { formatOf } from './language.ts'
import { type Code, elementStart } from './lex/code.ts'
import { liveMatches } from './live.ts'
import type { Setting } from './read/setting.ts'
import type { Format } from './recipe.ts'
import type { Source } from './source.ts'

export interface Embedded {
  text: string
  /** Offset in the source. */
  start: number
  format: Format
}

/** Keys of pipelines, playbooks and machine images whose text is run by a shell. */
const isScript =
  /^(?:run|script|(?:before|after)_script|shell|bash|command|cmd|inline|inline_?script|user_?data|Fn::Base64|entrypoint|args)$/i

/** A statement of PowerShell in a command line, a step of a pipeline or a string of a program. */
const powershellStatement =
  /(?:^[ \t]+)?\[(?:System\.)?Net\.ServicePointManager\]::SecurityProtocol\s*=(?:[^;\n"']|(?:-bor|,)\s*\n|'[^'\n]*'|"[^"\n]*")*/gim

/** Texts of another format inside: block scalars of YAML, heredocs and written lines of shell scripts, multi-line strings of HCL. */
export function* embeddedIn(source: Source): Iterable<Embedded> {
  if (source.format !== 'powershell' && source.folded.includes('net.servicepointmanager]::'))
    for (const match of liveMatches(source, powershellStatement))
      yield { text: match[0], start: match.index, format: 'powershell' }
  if (!/tls|ssl/.test(source.folded)) return
  if (source.format === 'yaml') {
    for (const setting of source.settings()) {
      if (setting.form !== 'block' || !/tls|ssl/i.test(setting.value) || isTakenOut(setting)) continue
      const isNamed = /\.[a-z]{2,}$/i.test(setting.key)
      const format =
        isNamed || /^\s*#!/.test(setting.value)
          ? formatOf(isNamed ? setting.key : 'script', setting.value.trimStart().slice(0, 500))
          : isScript.test(setting.key)
            ? 'shell'
            : nested.test(setting.value)
              ? 'yaml'
              : undefined
      yield { text: setting.value, start: setting.start, format: format ?? 'directives' }
    }
    // Settings in one string: `server-snippet: "ssl_protocols TLSv1;"`.
    for (const setting of source.settings())
      if (
        setting.form === 'scalar' &&
        /snippet|config|conf$|template|content|line$|replace$/i.test(setting.key) &&
        /\s/.test(setting.value) &&
        !isTakenOut(setting)
      )
        yield { text: setting.value, start: setting.start, format: 'directives' }
      else if (setting.form === 'scalar' && /(?:^|\.)(?:command|shell|raw)$/.test(setting.key))
        yield { text: setting.value, start: setting.start, format: 'shell' }
  } else if (source.format === 'shell' || source.format === 'dockerfile') {
    for (const match of source.text.matchAll(/<<-?\s*\\?["']?(\w+)["']?[^\n]*\n([\s\S]*?)\n[ \t]*\1\b/g)) {
      const start = match.index + match[0].indexOf('\n') + 1
      yield { text: match[2]!, start, format: writtenFormat(match[0]) }
    }
    for (const match of source.text.matchAll(
      /(?:echo|printf)\s+(?:-\w+\s+)*(["'])((?:(?!\1)[^\\]|\\.)*?)\1[^\n]*?(?:>|\btee\b)/g,
    ))
      if (!/^\s*\w+\s+:\s/.test(match[2]!))
        // `Protocol  : TLSv1`, as a client prints it
        yield { text: match[2]!, start: match.index + match[0].indexOf(match[1]!) + 1, format: 'directives' }
  } else if (source.format !== 'hcl' && directiveWord.test(source.folded) && directive.test(source.folded)) {
    // A configuration written out by a program.
    const code = source.code()
    for (const [i, token] of (code?.tokens ?? []).entries())
      if (token.kind === 'string' && token.text.includes('\n') && !isDocumentation(code!, i))
        yield { text: token.text, start: token.inner, format: 'directives' }
  } else if (source.format === 'hcl') {
    for (const token of source.code()?.tokens ?? [])
      if (token.kind === 'string' && token.text.includes('\n')) {
        yield { text: token.text, start: token.inner, format: 'directives' }
        yield { text: token.text, start: token.inner, format: 'shell' }
      }
  }
}

/** A task of Ansible that makes sure that a line is not there. */
function isTakenOut(setting: Setting): boolean {
  return setting.siblings.some(({ key, value }) => key === 'state' && value === 'absent')
}

/** A key whose settings stand deeper on the lines below: YAML of a program in YAML of another. */
const nested =
  /^(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]*)(?:---\n[ \t]*)?[\w.-]+:[ \t]*(?:#[^\n]*)?\n\1[ \t]+[\w"'.-]+[ \w"'.-]*:(?:[ \t]|\n)/

/** Directives of servers and libraries at the start of a line (in lower case). */
const directive =
  /^[ \t]*(?:\w*ssl_protocols|ssl(?:proxy)?protocol|(?:bind|server|ssl-default-\w+-options)\b[^\n]*\bssl-m(?:in|ax)-ver|m(?:in|ax)protocol|smtpd?_tls_\w*protocols|ssl_min_protocol\w*|tls-version-m(?:in|ax))\b/m

/** A word of each, which is looked for in less time than the starts of lines. */
const directiveWord =
  /ssl_protocols|ssl(?:proxy)?protocol|ssl-m(?:in|ax)-ver|m(?:in|ax)protocol|smtpd?_tls_|ssl_min_protocol|tls-version-m/

/** A string that is a statement of its own explains what follows. */
function isDocumentation(code: Code, i: number): boolean {
  return elementStart(code, i) === i && code.up[i]! < 0
}

function writtenFormat(command: string): Format {
  const file = /(?:>|tee\s+(?:-a\s+)?)\s*["']?([\w./${}-]+)/.exec(command)?.[1]
  return (file && formatOf(file, '')) || 'directives'
}

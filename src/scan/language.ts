import type { Format } from './recipe.ts'

const byExtension: Record<string, Format> = {}
const add = (format: Format, names: string) => {
  for (const name of names.split(' ')) byExtension[name] = format
}
add('csharp', 'cs csx razor cshtml')
add('vb', 'vb')
add('vbscript', 'vbs bas cls frm asp wsf')
add('fsharp', 'fs fsx fsi')
add('powershell', 'ps1 psm1 psd1 pssc psrc')
add('c', 'c h')
add('cpp', 'cc cpp cxx c++ hpp hh hxx h++ inl ipp tcc cu')
add('objc', 'm mm')
add('java', 'java jsp')
add('kotlin', 'kt kts ktm')
add('scala', 'scala sc sbt')
add('groovy', 'groovy gradle gvy jenkinsfile')
add('python', 'py pyw pyi pyx')
add('javascript', 'js mjs cjs jsx ts tsx mts cts vue svelte es6')
add('go', 'go')
add('ruby', 'rb rake gemspec ru podspec')
add('php', 'php phtml php5 php7 inc module')
add('perl', 'pl pm t cgi psgi')
add('rust', 'rs')
add('swift', 'swift')
add('dart', 'dart')
add('lua', 'lua rockspec')
add('erlang', 'erl hrl escript')
add('elixir', 'ex exs')
add('json', 'json jsonc json5 webmanifest arb')
add('hcl', 'tf tfvars hcl nomad tofu pkr')
add('bicep', 'bicep bicepparam')
add('toml', 'toml')
add('hocon', 'hocon')
add('yaml', 'yaml yml eyaml')
add(
  'xml',
  'xml config csproj vbproj fsproj vcxproj props targets nuspec wsdl xaml admx xhtml sitemap xmi pom',
)
add('plist', 'plist entitlements')
add('registry', 'reg')
add('shell', 'sh bash zsh ksh fish bats command mk bat cmd envrc')
add('dockerfile', 'dockerfile containerfile')
add(
  'ini',
  'ini properties cnf service socket env cf editorconfig desktop sql repo options security pmod pol vmoptions',
)
add('directives', 'nix conf cfg ovpn vcl acl rules cnf2 htaccess curlrc wgetrc vhost nginx caddyfile')

const byName: [RegExp, Format][] = [
  [/^(?:dockerfile|containerfile)(?:\..*)?$|\.dockerfile$/, 'dockerfile'],
  [
    /^(?:makefile|gnumakefile|procfile|justfile|\.bashrc|\.profile|\.zshrc|\.bash_profile|bashrc|rc\.local|entrypoint|.*\.bashrc)$/,
    'shell',
  ],
  [/^jenkinsfile/, 'groovy'],
  [/^(?:rakefile|gemfile|vagrantfile|berksfile|capfile|podfile|fastfile|guardfile)$/, 'ruby'],
  [/^(?:cmakelists\.txt)$/, 'shell'],
  [/^go\.(?:mod|work)$/, 'go'],
  [/^java\.security/, 'ini'],
  [/^(?:application|reference|akka|play)[\w-]*\.conf$/, 'hocon'],
  [
    /^(?:\.curlrc|_curlrc|\.wgetrc|_wgetrc|wgetrc|caddyfile|\.htaccess|sqlnet\.ora|main\.cf|master\.cf|nslcd|ldaprc|\.ldaprc)$/,
    'directives',
  ],
  [/^\.env(?:\..*)?$/, 'ini'],
  [/^(?:docker-)?compose.*\.ya?ml$/, 'yaml'],
  [/^(?:my|openssl|mysqld|mongod|redis|sentinel)[\w.-]*\.(?:cnf|conf)(?:\..*)?$/, 'directives'],
  [/^\.(?:babelrc|eslintrc|prettierrc)$/, 'json'],
]

const wrappers =
  /\.(?:j2|jinja2?|tmpl|tpl|erb|template|sample|example|dist|in|default|ctmpl|hbs|mustache|ejs|gotmpl|bak|orig|old|new|disabled|enabled|liquid|txt\.erb|rpmnew|dpkg-dist|good|bad)$/

/** Texts about the project, whatever folder they stand in. */
const papers =
  /^(?:change(?:s|log)|history|news|readme|license|licence|copying|copyright|authors|contributors|maintainers|todo|notice|thanks|release[_-]?notes|upgrading|faq)(?:$|[-_.])/

const prose =
  /\.(?:md|markdown|rst|adoc|txt|html?|css|scss|less|log|csv|tsv|svg|ipynb|po|pot|tex|man|[1-8]|diff|patch|lock|sum|map|snap|resx|resw|xlf|strings|xsd|xslt?|sln|filters|crt|pem|key|cer|der|p7b|asc|gpg|pub|min\.js|sqlite|ics|vcf|eml|feature|golden)$/

/** Words of documentation, written by the tool that made it. */
const searchIndex = /^(?:search[_-]?index|(?:member|type|package|module|tag)-search-index)\.js(?:on)?$/

/** Extensions that no name of a file makes anything else of: most files are told by them alone. */
const programs = new Map(
  Object.entries(byExtension).filter(([, format]) =>
    /^(?:csharp|vb|fsharp|powershell|c|cpp|java|kotlin|scala|python|go|ruby|rust|swift|dart)$/.test(format),
  ),
)

/** Whether a name is that of a program by its extension, spelled as usual. */
export function isProgram(name: string): boolean {
  return programs.has(name.slice(name.lastIndexOf('.') + 1))
}

/** Extensions whose files are text but not code or configuration; they are not even read. */
export function isProse(name: string): boolean {
  if (papers.test(name) && !/\.(?!md|txt|rst)[a-z]/.test(name)) return true
  return (prose.test(name) && name !== 'cmakelists.txt') || searchIndex.test(name)
}

/** Format of a file by its path, then by its first bytes; undefined for what no recipe reads. `name` in lower case. */
export function formatOf(path: string, head: string): Format | undefined {
  let name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (searchIndex.test(name)) return undefined
  for (let hops = 0; hops < 3; hops++) {
    const known = named(name, path)
    if (known && !(known === 'directives' && head.startsWith('#!'))) return refined(known, head, name)
    const shorter = name.replace(wrappers, '')
    if (shorter === name) break
    name = shorter
  }
  if (isProse(name)) return undefined
  return sniffed(name, path, head)
}

/** Any of the names. */
const anyName = new RegExp(byName.map(([pattern]) => pattern.source).join('|'))

function named(name: string, path: string): Format | undefined {
  const dot = name.lastIndexOf('.')
  const extension = name.slice(dot + 1)
  const program = dot >= 0 && programs.get(extension)
  if (program) return program
  if (anyName.test(name)) return byName.find(([pattern]) => pattern.test(name))![1]
  if (dot >= 0 && Object.hasOwn(byExtension, extension)) return byExtension[extension]
  return /(?:^|\/)(?:nginx|apache2?|httpd|haproxy|postfix|exim4?|dovecot|stunnel|openvpn|crypto-policies|raddb|freeradius|radiusd|mods-(?:available|enabled)|strongswan|strongswan\.d)\/[\w.-]+$/.test(
    path.toLowerCase(),
  ) && !/\.[a-z]{1,3}$/.test(name)
    ? 'directives'
    : undefined
}

/**
 * The formats that a file of this path can have, those of texts inside it included, before its first bytes are known; undefined for any.
 * Paths of one kind get the same array.
 */
export function formatsOf(path: string): readonly Format[] | undefined {
  let name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  for (let hops = 0; hops < 3; hops++) {
    const known = named(name, path)
    if (known) return possible[known]
    const shorter = name.replace(wrappers, '')
    if (shorter === name) break
    name = shorter
  }
  return undefined
}

/** What `refined` makes of a format, for formats that no text of any other stands in. */
const possible: Partial<Record<Format, readonly Format[]>> = {
  ...Object.fromEntries(
    [...new Set([...Object.values(byExtension), ...byName.map(([, format]) => format)])].map(format => [
      format,
      [format],
    ]),
  ),
  xml: ['xml', 'erlang', 'json', 'directives'],
  ini: ['ini', 'xml'],
  objc: ['objc', 'ini'],
  php: ['php', 'c'],
  yaml: undefined,
  shell: undefined,
  dockerfile: undefined,
  hcl: undefined,
  directives: undefined,
}

function refined(format: Format, head: string, name: string): Format | undefined {
  const start = head.trimStart()
  // Pieces of a program, whatever its language.
  if (name.endsWith('.inc') && !head.includes('<?'))
    return /^[ \t]*#[ \t]*(?:include|define|ifn?def|if|pragma)\b/m.test(head) ? 'c' : undefined
  if (format === 'xml' && !start.startsWith('<')) {
    if (/^%|^\[\s*(?:%.*\n|\{)/.test(start)) return 'erlang'
    if (start.startsWith('{')) return 'json'
    return name.endsWith('.config') ? 'directives' : format
  }
  if (format === 'directives' && /^net:|^storage:|^systemLog:/m.test(head) && /^[a-zA-Z]+:\s*$/m.test(head))
    return 'yaml'
  if ((format === 'directives' || format === 'ini') && start.startsWith('<?xml')) return 'xml'
  if (
    format === 'objc' &&
    /^\s*(?:%|function\b)/m.test(head) &&
    !/#import|@interface|@implementation|#include|;/.test(head)
  )
    return 'ini'
  return format
}

function sniffed(name: string, path: string, head: string): Format | undefined {
  const start = head.trimStart()
  const shebang = /^#!\s*\S*?(?:env\s+(?:-\S+\s+)*)?([a-z]+)[\d.]*(?:\s|$)/.exec(
    start.replace(/^#!\s*\S*\/env\s+/, '#!env ').replace(/^#!\s*\S*\//, '#!'),
  )
  const program =
    /^#!(?:env\s+)?(?:-\S+\s+)?([a-z]+)/.exec(start.replace(/^#!\s*\S*\//, '#!'))?.[1] ?? shebang?.[1]
  if (start.startsWith('#!')) {
    if (/^(?:ba|z|k|da|a)?sh$|^busybox$/.test(program ?? '')) return 'shell'
    if (/^python/.test(program ?? '')) return 'python'
    if (/^(?:perl|ruby|php|lua|node|pwsh|groovy|escript|elixir)$/.test(program ?? ''))
      return (
        {
          perl: 'perl',
          ruby: 'ruby',
          php: 'php',
          lua: 'lua',
          node: 'javascript',
          pwsh: 'powershell',
          groovy: 'groovy',
          escript: 'erlang',
          elixir: 'elixir',
        } as Record<string, Format>
      )[program!]
    return 'shell'
  }
  if (start.startsWith('<?php')) return 'php'
  if (start.startsWith('<?xml') || start.startsWith('<configuration')) return 'xml'
  if (/^Windows Registry Editor/.test(start)) return 'registry'
  if (/^[[{]\s*"/.test(start)) return 'json'
  if (/^(?:---|apiVersion:|AWSTemplateFormatVersion:|Resources:)/.test(start)) return 'yaml'
  if (
    /(?:conf|config|rc|cnf|cfg|ini)$/.test(name) ||
    /(?:^|\/)(?:etc|conf\.d|sites-(?:available|enabled)|config)\//.test(path.toLowerCase())
  )
    return 'directives'
  return name.includes('.') ? undefined : /^[\w./-]+\s*[=:]\s*\S/m.test(head) ? 'directives' : undefined
}

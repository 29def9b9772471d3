/** How a language writes comments, strings, names and ends of statements: what the one lexer needs to know of it. */
export interface Syntax {
  /** Openers of comments that run to the end of the line. */
  line?: readonly string[]
  /** A line comment counts only after white space or at the start of a line (`#` in shells, Perl, Ruby). */
  lineNeedsSpace?: boolean
  block?: readonly { open: string; close: string; nests?: boolean; atLineStart?: boolean }[]
  /** Longest opener first. */
  strings: readonly StringForm[]
  /** Characters that a name may hold besides letters, digits and `_`. */
  nameStart?: string
  namePart?: string
  /** A line end closes a statement unless an operator, a comma or an open bracket says otherwise. */
  newlines?: boolean
  /** What joins two lines into one statement. */
  joinsLines?: '\\' | '`' | '_'
  /** `:name` is a value (Ruby, Elixir, Clojure). */
  symbols?: boolean
  /** `/…/` may be a regular expression. */
  regexes?: boolean
  /** `<<EOF` and its kin. */
  heredocs?: true
  /** `%w(…)`, `qw(…)`: lists of words. */
  wordLists?: boolean
  /** `#directive` runs to the end of its line. */
  preprocessor?: boolean
  /** `&HC0` is a number. */
  basicNumbers?: true
  /** Code stands between these; the rest is text of another kind. */
  island?: { open: string; close: string }
  /** Everything after such a line is data. */
  endMark?: RegExp
  /** Names compare without regard to case. */
  foldsCase?: boolean
}

export interface StringForm {
  open: string
  close: string
  /** `\\`: a backslash takes the next character along; `double`: a doubled quote stands for itself. */
  escape?: '\\' | '`' | 'double' | undefined
  multiline?: boolean
  /** At most one character, else it is no string (Rust lifetimes, VB comments). */
  short?: boolean
}

const quote = (open: string, more: Partial<StringForm> = {}): StringForm => ({
  open,
  close: open,
  escape: '\\',
  ...more,
})
const double = quote('"')
const single = quote("'")
const tripleDouble = quote('"""', { multiline: true })
const tripleSingle = quote("'''", { multiline: true })
const template = quote('`', { multiline: true })
const slashes = { line: ['//'], block: [{ open: '/*', close: '*/' }] }

const cLike: Syntax = { ...slashes, strings: [double, single], preprocessor: true }
const dotnetStrings: StringForm[] = [
  { open: '$@"', close: '"', escape: 'double', multiline: true },
  { open: '@$"', close: '"', escape: 'double', multiline: true },
  { open: '@"', close: '"', escape: 'double', multiline: true },
  { open: '"""', close: '"""', multiline: true },
  double,
]

const written = {
  csharp: { ...slashes, strings: [...dotnetStrings, single], preprocessor: true },
  fsharp: {
    line: ['//'],
    block: [{ open: '(*', close: '*)', nests: true }],
    strings: [...dotnetStrings, quote("'", { short: true })],
    newlines: true,
    preprocessor: true,
  },
  vb: {
    line: ["'", 'REM ', 'Rem '],
    strings: [{ open: '"', close: '"', escape: 'double' }],
    newlines: true,
    joinsLines: '_',
    foldsCase: true,
    preprocessor: true,
    basicNumbers: true,
  },
  powershell: {
    line: ['#'],
    lineNeedsSpace: true,
    block: [{ open: '<#', close: '#>' }],
    strings: [
      { open: '@"', close: '\n"@', multiline: true },
      { open: "@'", close: "\n'@", multiline: true },
      { open: '"', close: '"', escape: '`', multiline: true },
      { open: "'", close: "'", escape: 'double', multiline: true },
    ],
    nameStart: '$',
    newlines: true,
    joinsLines: '`',
    foldsCase: true,
  },
  c: cLike,
  cpp: {
    ...cLike,
    strings: [quote('R"(', { close: ')"', escape: undefined, multiline: true }), double, single],
  },
  objc: { ...cLike, strings: [quote('@"', { close: '"' }), double, single], nameStart: '@' },
  java: { ...slashes, strings: [tripleDouble, double, single], nameStart: '$', namePart: '$' },
  kotlin: {
    line: ['//'],
    block: [{ open: '/*', close: '*/', nests: true }],
    strings: [{ open: '"""', close: '"""', multiline: true }, double, single],
    newlines: true,
  },
  scala: {
    line: ['//'],
    block: [{ open: '/*', close: '*/', nests: true }],
    strings: [{ open: '"""', close: '"""', multiline: true }, double, quote("'", { short: true })],
    newlines: true,
  },
  groovy: {
    ...slashes,
    strings: [tripleDouble, tripleSingle, double, single],
    newlines: true,
    nameStart: '$',
  },
  python: {
    line: ['#'],
    strings: [tripleDouble, tripleSingle, double, single],
    newlines: true,
    joinsLines: '\\',
  },
  javascript: {
    ...slashes,
    strings: [double, single, template],
    nameStart: '$@#',
    namePart: '$',
    newlines: true,
    regexes: true,
  },
  go: {
    ...slashes,
    strings: [double, { open: '`', close: '`', multiline: true }, single],
    newlines: true,
  },
  ruby: {
    line: ['#'],
    lineNeedsSpace: true,
    block: [{ open: '=begin', close: '\n=end', atLineStart: true }],
    strings: [quote('"', { multiline: true }), quote("'", { multiline: true }), template],
    nameStart: '@$',
    namePart: '?',
    newlines: true,
    joinsLines: '\\',
    symbols: true,
    heredocs: true,
    wordLists: true,
    endMark: /^__END__$/m,
  },
  php: {
    line: ['//', '#'],
    block: [{ open: '/*', close: '*/' }],
    strings: [quote('"', { multiline: true }), quote("'", { multiline: true })],
    nameStart: '$',
    heredocs: true,
    island: { open: '<?', close: '?>' },
  },
  perl: {
    line: ['#'],
    lineNeedsSpace: true,
    block: [{ open: '=', close: '\n=cut', atLineStart: true }],
    strings: [quote('"', { multiline: true }), quote("'", { multiline: true }), template],
    nameStart: '$@%',
    heredocs: true,
    wordLists: true,
    endMark: /^__(?:END|DATA)__$/m,
  },
  rust: {
    line: ['//'],
    block: [{ open: '/*', close: '*/', nests: true }],
    strings: [
      { open: 'r##"', close: '"##', multiline: true },
      { open: 'r#"', close: '"#', multiline: true },
      quote('"', { multiline: true }),
      quote("'", { short: true }),
    ],
  },
  swift: {
    line: ['//'],
    block: [{ open: '/*', close: '*/', nests: true }],
    strings: [tripleDouble, double],
    nameStart: '@#',
    newlines: true,
  },
  dart: { ...slashes, strings: [tripleDouble, tripleSingle, double, single], nameStart: '$@', namePart: '$' },
  lua: {
    line: ['--'],
    block: [{ open: '--[[', close: ']]' }],
    strings: [{ open: '[[', close: ']]', multiline: true }, double, single],
    newlines: true,
  },
  erlang: { line: ['%'], strings: [double, single] },
  elixir: {
    line: ['#'],
    strings: [tripleDouble, tripleSingle, double, single],
    nameStart: '@',
    namePart: '?',
    newlines: true,
    symbols: true,
    wordLists: true,
  },
  json: { ...slashes, strings: [double] },
  hcl: {
    line: ['#', '//'],
    block: [{ open: '/*', close: '*/' }],
    strings: [double],
    namePart: '-',
    newlines: true,
    heredocs: true,
  },
  bicep: {
    ...slashes,
    strings: [{ open: "'''", close: "'''", multiline: true }, single],
    nameStart: '@',
    newlines: true,
  },
  toml: {
    line: ['#'],
    strings: [tripleDouble, tripleSingle, double, { open: "'", close: "'" }],
    namePart: '-',
    newlines: true,
  },
  hocon: {
    line: ['#', '//'],
    strings: [{ open: '"""', close: '"""', multiline: true }, double],
    namePart: '-',
    newlines: true,
  },
  vbscript: {
    line: ["'"],
    strings: [{ open: '"', close: '"', escape: 'double' }],
    newlines: true,
    joinsLines: '_',
    foldsCase: true,
    basicNumbers: true,
  },
} satisfies Record<string, Syntax>

export type CodeLanguage = keyof typeof written

/**
 * By language. All of one shape, with absent parts present as undefined: the loops of the lexer read little else, and an engine that meets a new
 * shape with every language compiles them anew each time, which took longer than the lexing.
 */
export const syntaxes: Readonly<Record<CodeLanguage, Syntax>> = (() => {
  const all: Syntax[] = Object.values(written)
  const shapes = {
    syntax: keysOf(all),
    string: keysOf(all.flatMap(({ strings }) => strings)),
    block: keysOf(all.flatMap(({ block }) => block ?? [])),
  }
  const shapedSyntax = (syntax: Syntax): Syntax => {
    const strings = syntax.strings.map(form => shaped(form, shapes.string))
    const block = syntax.block?.map(form => shaped(form, shapes.block))
    return shaped({ ...syntax, strings, ...(block && { block }) }, shapes.syntax)
  }
  const made = Object.entries<Syntax>(written).map(
    ([language, syntax]) => [language, shapedSyntax(syntax)] as const,
  )
  return Object.fromEntries(made) as Record<CodeLanguage, Syntax>
})()

function keysOf(all: readonly object[]): string[] {
  return [...new Set(all.flatMap(one => Object.keys(one)))]
}

/** A copy with these keys in this order. */
function shaped<T extends object>(one: T, keys: readonly string[]): T {
  return Object.fromEntries(keys.map(key => [key, one[key as keyof T]])) as T
}

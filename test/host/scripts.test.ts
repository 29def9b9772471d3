import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formats } from '../../src/host/formats/index.ts'
import { planRemedy } from '../../src/host/remedy.ts'
import { windowsById } from '../../src/host/windows.ts'
import { TLS_1_2 } from '../../src/model/version.ts'
import { hostOf } from './made-up-hosts.ts'
import { hasProgram } from './peer.ts'

interface Node {
  type: string
  text: string
  hasError: boolean
  isError: boolean
  isMissing: boolean
  startPosition: { row: number }
  children: Node[]
}

let parse: (text: string) => Node

// The grammar's lexer is one giant function, which V8 would optimise for many times as long as these scripts take to be parsed.
beforeAll(async () => {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
  const require = createRequire(import.meta.url)
  const { Parser, Language } = require('@vscode/tree-sitter-wasm')
  const folder = dirname(require.resolve('@vscode/tree-sitter-wasm'))
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(join(folder, 'tree-sitter-powershell.wasm')))
  parse = text => parser.parse(text).rootNode
})

afterAll(() => {
  setFlagsFromString('--wasm-dynamic-tiering')
  setFlagsFromString('--wasm-tier-up')
})

const collector = (name: string) =>
  readFileSync(new URL(`../../src/host/collect/${name}`, import.meta.url), 'utf8')

const machine = {
  windows: windowsById('win7-sp1')!,
  bits: 64 as const,
  places: [
    {
      key: 'SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319\\System.Net.ServicePointManager.SecurityProtocol',
      value: { name: "C:\\Bob\u2019s 'App'\\$x `y.exe", type: 1, data: 'Tls' },
    },
  ],
  release: 528040,
  net35: true,
  updates: [],
  ubr: null,
}

function generated(): [string, string][] {
  const remedy = planRemedy(hostOf(machine), TLS_1_2)!
  return formats.flatMap(format =>
    format
      .write(remedy)
      .filter(({ path }) => path.endsWith('.ps1'))
      .map(({ path, content }): [string, string] => [`${format.id}/${path}`, String(content)]),
  )
}

const scripts: [string, string][] = [['collect/windows.ps1', collector('windows.ps1')], ...generated()]

test('there are scripts to look at', () => {
  expect(scripts.length).toBeGreaterThan(12)
})

describe.each(scripts)('%s', (_, text) => {
  test('is parsed whole by a PowerShell grammar', () => {
    const root = parse(text)
    expect(errorsOf(root)).toEqual([])
    expect(root.hasError).toBe(false)
  })

  test('is plain ASCII, so that every code page reads it', () => {
    expect([...text].filter(char => char > '~')).toEqual([])
  })
})

// DSC and the cmdlets of Configuration Manager come with newer versions of PowerShell.
const forOldMachines = scripts.filter(([name]) => !/^dsc\/|create-/.test(name))

test.each(forOldMachines)('%s uses nothing newer than PowerShell 2.0', (_, text) => {
  expect(newerThan2(parse(text))).toEqual([])
})

test('the lint finds what PowerShell 2.0 does not know', () => {
  const newer = [
    '$x -in @(1)',
    '[pscustomobject]@{ a = 1 }',
    '[ordered]@{ a = 1 }',
    'Get-Content -Raw x',
    '$PSScriptRoot',
    '$PSCommandPath',
    'ConvertTo-Json 1',
    '[List]::new()',
    '$list.Where({ $_ })',
    'Get-Process | Where-Object Name -eq x',
    '1 -shl 2',
  ]
  for (const line of newer) expect(newerThan2(parse(line)), line).not.toEqual([])
  expect(newerThan2(parse("# $PSScriptRoot\n'[ordered]' | Where-Object { $_ -eq 1 }"))).toEqual([])
})

test('a name with quotes of every kind stays one string', () => {
  const [, apply] = scripts.find(([name]) => name === 'powershell/apply.ps1')!
  expect(apply).toContain("Name = ('' + 'C:\\Bob' + [char]0x2019 + 's ''App''\\$x `y.exe')")
})

test.skipIf(!hasProgram('dash'))('linux.sh is plain sh', () => {
  execFileSync('dash', ['-n', '-'], { input: collector('linux.sh') })
})

function errorsOf(node: Node): string[] {
  if (node.isError || node.isMissing) return [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`]
  return node.children.flatMap(errorsOf)
}

const newWords: readonly RegExp[] = [
  /\s-(in|notin|shl|shr)\b/i,
  /\[(pscustomobject|ordered)\]/i,
  /\$(PSScriptRoot|PSCommandPath|PSItem)\b/i,
  /\$using:/i,
  /\bGet-Content\b[^|;]*\s-Raw\b/i,
  /\b(ConvertTo-Json|ConvertFrom-Json|Invoke-WebRequest|Invoke-RestMethod|Get-ItemPropertyValue|Get-FileHash|New-TemporaryFile)\b/i,
  /::new\(/i,
  /\.(Where|ForEach)\(/i,
  /\b(Where-Object|ForEach-Object)\s+[A-Za-z]/i,
  /\?\?|\?\.|&&|\|\|/,
  /^\s*(class|enum|using|workflow)\s/im,
  /\[switch\]\s*\$\w+\s*=\s*\$true/i,
]

/** Features of later versions outside of comments and strings. A cmdlet that is asked for with Get-Command first may be newer. */
function newerThan2(root: Node): string[] {
  const code = codeOf(root)
  return newWords.filter(word => word.test(code)).map(String)
}

function codeOf(node: Node): string {
  if (node.type === 'comment' || /string_literal|verbatim_string|expandable_string/.test(node.type))
    return "''"
  if (node.children.length === 0) return node.text
  let text = node.text
  for (const child of node.children) text = text.replace(child.text, () => codeOf(child))
  return text
}

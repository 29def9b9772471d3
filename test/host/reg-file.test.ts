import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeText, encodeRegFile, formatRegistry, parseRegFile } from '../../src/host/reg-file.ts'
import {
  plainData,
  type Registry,
  readDword,
  readText,
  readValue,
  writeValue,
} from '../../src/host/registry.ts'

const key = 'HKLM\\SOFTWARE\\A'
const parse = (...lines: string[]) =>
  parseRegFile(['Windows Registry Editor Version 5.00', '', ...lines].join('\r\n'))

describe('what regedit writes is read', () => {
  test('values of every type, over several lines', () => {
    const { registry, problems } = parse(
      '[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]',
      '@="the default"',
      '"Text"="a \\"quoted\\" C:\\\\path"',
      '"Number"=dword:ffffffff',
      '"Expand"=hex(2):25,00,54,00,25,00,\\',
      '  00,00',
      '"Lines"=hex(7):61,00,00,00,62,00,00,00,00,00',
      '"Long"=hex(b):01,00,00,00,00,00,00,00',
      '"Bytes"=hex:de,ad,\\',
      '  be,ef',
      '"DwordAsBytes"=hex(4):a0,0a,00,00',
      '"TextAsBytes"=hex(1):54,00,6c,00,73,00,00,00',
      '"Nothing"=hex(0):',
    )
    expect(problems).toEqual([])
    expect(readText(registry, key, '')).toBe('the default')
    expect(readText(registry, key, 'text')).toBe('a "quoted" C:\\path')
    expect(readDword(registry, key, 'NUMBER')).toBe(0xffffffff)
    expect(readText(registry, key, 'Expand')).toBe('%T%')
    expect(plainData(readValue(registry, key, 'Lines')!)).toEqual(['a', 'b'])
    expect(plainData(readValue(registry, key, 'Long')!)).toBe(1n)
    expect(readValue(registry, key, 'Bytes')!.data).toEqual(Uint8Array.from([0xde, 0xad, 0xbe, 0xef]))
    expect(readDword(registry, key, 'DwordAsBytes')).toBe(0xaa0)
    expect(readText(registry, key, 'TextAsBytes')).toBe('Tls')
    expect(readValue(registry, key, 'Nothing')).toMatchObject({ type: 0 })
  })

  test('deleted values and keys, with all below them', () => {
    const { registry, problems } = parse(
      '[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]',
      '"X"=dword:1',
      '"X"=-',
      '[HKEY_LOCAL_MACHINE\\SOFTWARE\\A\\B\\C]',
      '"Y"=dword:1',
      '[-HKEY_LOCAL_MACHINE\\SOFTWARE\\A\\B]',
    )
    expect(problems).toEqual([])
    expect([...registry.keys()]).toEqual(['hkey_local_machine\\software\\a'])
    expect(readValue(registry, key, 'X')).toBeUndefined()
  })

  test.each([
    ['UTF-16 with a mark', (text: string) => encodeRegFile(text)],
    ['UTF-16 without', (text: string) => encodeRegFile(text).subarray(2)],
    ['UTF-16, high byte first', (text: string) => Buffer.from(encodeRegFile(text)).swap16()],
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-8', (text: string) => Buffer.from(text)],
    [
      'REGEDIT4 in a code page',
      (text: string) => Buffer.from(text.replace(/^.*\r\n/, 'REGEDIT4\r\n'), 'latin1'),
    ],
  ])('%s', (_, encode) => {
    const text = 'Windows Registry Editor Version 5.00\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\r\n"Ä"="é"\r\n'
    const parsed = parseRegFile(decodeText(encode(text)))
    expect(parsed.hasHeader).toBe(true)
    expect(readText(parsed.registry, key, 'ä')).toBe('é')
  })

  test('several exports joined are one', () => {
    const part = (name: string) =>
      `\ufeffWindows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\${name}]\r\n"V"=dword:1\r\n\r\n`
    const { registry, problems } = parseRegFile(part('A') + part('B'))
    expect(problems).toEqual([])
    expect(registry.size).toBe(2)
  })
})

test('what cannot be read is named by its line, and the rest is read', () => {
  const { registry, problems } = parse(
    '"early"=dword:1',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\A',
    '[SOFTWARE\\A]',
    'nonsense',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]',
    '"open',
    '"X"dword:1',
    '"X"=dword:123456789',
    '"X"=hex:zz',
    '"X"=hex(4):01,02',
    '"X"="a" b',
    '"fine"=dword:7',
  )
  expect(problems.map(({ line, want }) => `${line} ${want}`)).toEqual([
    '3 a key in brackets before its values',
    '4 a closing bracket',
    '5 a key below HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER, HKEY_USERS',
    '6 a key in brackets, a value or a comment',
    '8 a closing quote',
    '9 an equals sign after the name',
    '10 text in quotes, dword: or hex:',
    '11 bytes as two hex digits between commas',
    '12 four bytes for a REG_DWORD',
    '13 a closing quote',
  ])
  expect(readDword(registry, key, 'fine')).toBe(7)
})

const value = fc
  .record({
    name: fc.string().filter(name => !/[\r\n]/.test(name)),
    data: fc.oneof(
      fc.nat(0xffffffff).map(data => ({ type: 4, data })),
      fc
        .string()
        .filter(text => !text.includes('\0'))
        .map(data => ({ type: 1, data })),
      fc.tuple(fc.constantFrom(0, 2, 3, 7, 11), fc.uint8Array()).map(([type, data]) => ({ type, data })),
    ),
  })
  .map(({ name, data }) => ({ name, ...data }))
const path = fc
  .array(
    fc.string({ minLength: 1 }).filter(part => !/[\\\r\n[\]]|^\s|\s$/.test(part)),
    { minLength: 1, maxLength: 3 },
  )
  .map(parts => `HKEY_LOCAL_MACHINE\\${parts.join('\\')}`)

test('a registry written and read again is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(path, fc.array(value, { maxLength: 4 })), { maxLength: 5 }), keys => {
      const registry: Registry = new Map()
      for (const [where, values] of keys) for (const one of values) writeValue(registry, where, one)
      const text = formatRegistry(registry)
      const again = parseRegFile(decodeText(encodeRegFile(text)))
      expect(again.problems).toEqual([])
      expect(formatRegistry(again.registry)).toBe(text)
    }),
    { numRuns: 200, seed: 3 },
  )
})

test('any bytes give an answer, and every cut of a file too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
      parseRegFile(decodeText(bytes))
    }),
    { numRuns: 500, seed: 4 },
  )
  const whole = encodeRegFile(parseText)
  for (let size = 0; size <= whole.length; size++) parseRegFile(decodeText(whole.subarray(0, size)))
})

const parseText = [
  'Windows Registry Editor Version 5.00',
  '[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]',
  '"X"=hex(7):61,00,\\',
  '  00,00',
  '"Y"="a\\\\b"',
  '[-HKEY_LOCAL_MACHINE\\SOFTWARE\\A]',
].join('\r\n')

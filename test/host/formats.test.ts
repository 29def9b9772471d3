import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { formats } from '../../src/host/formats/index.ts'
import { decodeText, formatRegistry, parseRegFile } from '../../src/host/reg-file.ts'
import {
  copyRegistry,
  deleteKey,
  deleteValue,
  fullPath,
  type Registry,
  writeValue,
} from '../../src/host/registry.ts'
import { applyRemedy, type Remedy } from '../../src/host/remedy.ts'
import { TLS_1_2 } from '../../src/model/version.ts'
import { runs } from '../runs.ts'
import { madeUp, planFor } from './made-up-hosts.ts'

const many = { numRuns: runs(50), seed: 5 }

function filesOf(id: string, remedy: Remedy): Map<string, string | Uint8Array> {
  const format = formats.find(candidate => candidate.id === id)!
  return new Map(format.write(remedy).map(({ path, content }) => [path, content]))
}

/** What an import of the file makes of a registry: the semantics of regedit. */
function importInto(registry: Registry, bytes: Uint8Array): Registry {
  const after = copyRegistry(registry)
  const lines = decodeText(bytes).split('\r\n')
  let key = ''
  for (const line of lines) {
    const opened = /^\[(-?)(.+)\]$/.exec(line)
    if (opened) {
      key = opened[2]!
      if (opened[1]) deleteKey(after, key)
      continue
    }
    const deleted = /^"((?:[^"\\]|\\.)*)"=-$/.exec(line)
    if (deleted) deleteValue(after, key, deleted[1]!.replace(/\\(.)/g, '$1'))
    else if (line.startsWith('"')) {
      const one = parseRegFile(`Windows Registry Editor Version 5.00\r\n[${key}]\r\n${line}`)
      for (const value of one.registry.get(key.toLowerCase())!.values.values()) writeValue(after, key, value)
    }
  }
  return after
}

/** The registry without keys that hold nothing: importing a file makes its keys, listed before or not. */
function valuesOf(registry: Registry): string {
  return formatRegistry(new Map([...registry].filter(([, key]) => key.values.size > 0)))
}

test('apply.reg does what the plan says and undo.reg takes it back, value by value', () => {
  fc.assert(
    fc.property(madeUp, machine => {
      const { host, remedy } = planFor(machine, TLS_1_2)
      const files = filesOf('reg', remedy)
      const applied = importInto(host.registry, files.get('apply.reg') as Uint8Array)
      expect(valuesOf(applied)).toBe(valuesOf(applyRemedy(host, remedy).registry))
      const undone = importInto(applied, files.get('undo.reg') as Uint8Array)
      expect(valuesOf(undone)).toBe(valuesOf(host.registry))
      for (const key of remedy.createdKeys) expect(undone.has(key.toLowerCase())).toBe(false)
    }),
    many,
  )
})

test('a .reg undo never deletes a key that anybody else may need', () => {
  fc.assert(
    fc.property(madeUp, machine => {
      const { remedy } = planFor(machine, TLS_1_2)
      const deleted =
        decodeText(filesOf('reg', remedy).get('undo.reg') as Uint8Array).match(/^\[-.*$/gm) ?? []
      for (const line of deleted)
        expect(line).toMatch(
          /\\SCHANNEL\\Protocols\\TLS 1\.\d(\\(Client|Server))?\]$|\\Internet Settings\\WinHttp\]$/,
        )
    }),
    many,
  )
})

interface Pol {
  key: string
  value: string
  type: number
  data: Buffer
}

/** MS-GPREG as a reader of its own: the brackets and semicolons in their places, sizes that add up. */
function readPol(bytes: Uint8Array): Pol[] {
  const data = Buffer.from(bytes)
  expect(data.subarray(0, 8).toString('latin1')).toBe('PReg\x01\0\0\0')
  const records: Pol[] = []
  let at = 8
  const char = (want: string) => {
    expect(data.toString('utf16le', at, at + 2)).toBe(want)
    at += 2
  }
  const text = () => {
    const end = data.indexOf('\0\0', at, 'latin1')
    let stop = at
    while (data.readUInt16LE(stop) !== 0) stop += 2
    expect(end).toBeGreaterThanOrEqual(at)
    const found = data.toString('utf16le', at, stop)
    at = stop + 2
    return found
  }
  while (at < data.length) {
    char('[')
    const key = text()
    char(';')
    const value = text()
    char(';')
    const type = data.readUInt32LE(at)
    at += 4
    char(';')
    const size = data.readUInt32LE(at)
    at += 4
    char(';')
    records.push({ key, value, type, data: data.subarray(at, at + size) })
    at += size
    char(']')
  }
  return records
}

test('registry.pol holds the changes, and its undo what stood there', () => {
  fc.assert(
    fc.property(madeUp, machine => {
      const { remedy } = planFor(machine, TLS_1_2)
      const files = filesOf('gpo', remedy)
      for (const [part, hive] of [
        ['Machine', 'HKEY_LOCAL_MACHINE'],
        ['User', 'HKEY_CURRENT_USER'],
      ] as const) {
        const changes = remedy.changes.filter(change => change.key.startsWith(hive))
        const pol = files.get(`apply/${part}/Registry.pol`)
        expect(pol !== undefined).toBe(changes.length > 0)
        if (!pol) continue
        const applied = readPol(pol as Uint8Array)
        expect(applied.map(({ key, value }) => fullPath(`${hive}\\${key}`) + value)).toEqual(
          changes.map(({ key, name }) => key + name),
        )
        const undone = readPol(files.get(`undo/${part}/Registry.pol`) as Uint8Array)
        expect(undone.map(({ value, type }) => [value, type])).toEqual(
          changes.map(({ name, before }) => (before ? [before.name, before.type] : [`**Del.${name}`, 1])),
        )
      }
    }),
    many,
  )
})

test('a DWORD in registry.pol is type 4, size 4, low byte first', () => {
  const remedy: Remedy = {
    ...emptyRemedy,
    changes: [
      {
        key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\A',
        name: 'B',
        to: { name: 'B', type: 4, data: 0xaa0 },
        before: null,
        why: '',
      },
    ],
  }
  const bytes = filesOf('gpo', remedy).get('apply/Machine/Registry.pol') as Uint8Array
  expect(Buffer.from(bytes).toString('hex')).toBe(
    [
      '5052656701000000',
      Buffer.from('[SOFTWARE\\A\0;B\0;', 'utf16le').toString('hex'),
      '040000003b00040000003b00a00a00005d00',
    ].join(''),
  )
})

test('the playbooks are YAML with one task per change, the undo with the type that stood there', () => {
  fc.assert(
    fc.property(madeUp, machine => {
      const { remedy } = planFor(machine, TLS_1_2)
      const files = filesOf('ansible', remedy)
      const tasks = (name: string) =>
        parseYaml(String(files.get(name)))[0].tasks.map(
          (task: Record<string, object>) => task['ansible.windows.win_regedit'],
        )
      expect(tasks('apply.yml').length).toBe(remedy.changes.length)
      const undo = tasks('undo.yml')
      expect(undo.length).toBe(remedy.changes.length + remedy.createdKeys.length)
      remedy.changes.forEach(({ before }, at) => {
        expect(undo[at]).toMatchObject(
          before
            ? {
                state: 'present',
                type: before.type === 4 ? 'dword' : before.type === 1 ? 'string' : 'binary',
              }
            : { state: 'absent', delete_key: false },
        )
      })
    }),
    many,
  )
})

const emptyRemedy: Remedy = {
  host: 'H',
  os: 'Windows',
  floor: TLS_1_2,
  changes: [],
  createdKeys: [],
  unlistedKeys: [],
  prerequisites: [],
  fixed: [],
  remaining: [],
  ladder: [],
  notes: [],
  warnings: [],
}

import { concatBytes } from '../../base/bytes.ts'
import { Fault } from '../../base/fault.ts'
import { utf16 } from '../reg-file.ts'
import type { RegistryValue } from '../registry.ts'
import type { Remedy } from '../remedy.ts'
import { type Format, type RemedyFile, splitHive } from './format.ts'

export const gpo: Format = {
  id: 'gpo',
  title: 'Group Policy registry.pol',
  use: 'LGPO.exe /m apply/Machine/Registry.pol (and /u apply/User/Registry.pol) on one machine, or import the folder into a GPO. The keys are no policy keys, so the values stay when the GPO is withdrawn: link the undo folder as a GPO of its own (keys that were made stay, empty). Made for hosts that are alike.',
  write: remedy => [...filesFor('apply', applyRecords(remedy)), ...filesFor('undo', undoRecords(remedy))],
}

/** One record of a registry.pol: the key has no hive, the file says which. */
interface PolRecord {
  hive: string
  key: string
  value: string
  type: number
  data: Uint8Array
}

function applyRecords({ changes }: Remedy): PolRecord[] {
  return changes.map(({ key, to }) => record(key, to.name, to))
}

function undoRecords({ changes }: Remedy): PolRecord[] {
  return changes.map(({ key, name, before }) =>
    before ? record(key, before.name, before) : record(key, `**Del.${name}`, { name, type: 1, data: ' ' }),
  )
}

function record(key: string, value: string, { type, data }: RegistryValue): PolRecord {
  const { hive, path } = splitHive(key)
  return { hive, key: path, value, type, data: bytesOf(data) }
}

function bytesOf(data: RegistryValue['data']): Uint8Array {
  if (typeof data === 'number') return Uint8Array.from([0, 8, 16, 24], shift => (data >>> shift) & 0xff)
  return typeof data === 'string' ? utf16(`${data}\0`) : data
}

function filesFor(folder: string, records: readonly PolRecord[]): RemedyFile[] {
  const parts = [
    { name: 'Machine', records: records.filter(({ hive }) => hive === 'HKEY_LOCAL_MACHINE') },
    { name: 'User', records: records.filter(({ hive }) => hive === 'HKEY_CURRENT_USER') },
  ]
  return parts
    .filter(part => part.records.length > 0)
    .map(part => ({ path: `${folder}/${part.name}/Registry.pol`, content: writePol(part.records) }))
}

const longestName = 259
const largestData = 0xffff

/** MS-GPREG: `PReg`, version 1, then `[key;value;type;size;data]` in UTF-16LE. */
function writePol(records: readonly PolRecord[]): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.from([0x50, 0x52, 0x65, 0x67, 1, 0, 0, 0])]
  for (const { key, value, type, data } of records) {
    if (value.length > longestName || data.length > largestData)
      throw new Fault('input', 'pol-too-long', `${key}\\${value} does not fit into a registry.pol`, {
        hint: '--format powershell',
      })
    parts.push(
      utf16(`[${key}\0;${value}\0;`),
      bytesOf(type),
      utf16(';'),
      bytesOf(data.length),
      utf16(';'),
      data,
      utf16(']'),
    )
  }
  return concatBytes(parts)
}

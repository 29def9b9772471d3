/** Registry value types as Windows numbers them (winnt.h). The others are kept as bytes under their number. */
export const REG_SZ = 1
const REG_EXPAND_SZ = 2
export const REG_BINARY = 3
export const REG_DWORD = 4
const REG_MULTI_SZ = 7
const REG_QWORD = 11

export interface RegistryValue {
  name: string
  type: number
  /** A number for REG_DWORD (unsigned), text for REG_SZ, raw bytes for every other type. */
  data: number | string | Uint8Array
}

export interface RegistryKey {
  /** Full path with the long hive name, spelled as it was first met. */
  path: string
  /** By lower-case name; the default value has the empty name. */
  values: Map<string, RegistryValue>
}

/** Keys by lower-case full path. A key is present with or without values; parents are not implied. */
export type Registry = Map<string, RegistryKey>

const hives: Record<string, string> = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKCU: 'HKEY_CURRENT_USER',
  HKU: 'HKEY_USERS',
  HKCR: 'HKEY_CLASSES_ROOT',
  HKCC: 'HKEY_CURRENT_CONFIG',
}

/** `HKLM\…` and `HKLM:\…` with the long hive name, without a trailing backslash. */
export function fullPath(path: string): string {
  const cut = path.indexOf('\\')
  const hive = (cut < 0 ? path : path.slice(0, cut)).replace(/:$/, '')
  const long = hives[hive.toUpperCase()] ?? hive
  return (cut < 0 ? long : long + path.slice(cut)).replace(/\\+$/, '')
}

/** `HKLM\…`: the short spelling that people read. */
export function shortPath(path: string): string {
  for (const [short, long] of Object.entries(hives))
    if (path.toUpperCase().startsWith(long)) return short + path.slice(long.length)
  return path
}

/** The name by which a key is found. The same few dozen paths are asked for on every host, so they are remembered. */
function keyId(path: string): string {
  let id = knownIds.get(path)
  if (id === undefined) {
    id = fullPath(path).toLowerCase()
    if (knownIds.size < 4096) knownIds.set(path, id)
  }
  return id
}

const knownIds = new Map<string, string>()

export function readValue(registry: Registry, path: string, name: string): RegistryValue | undefined {
  return registry.get(keyId(path))?.values.get(name.toLowerCase())
}

export function hasKey(registry: Registry, path: string): boolean {
  return registry.has(keyId(path))
}

/** A number only when the value is a REG_DWORD: most readers in Windows accept no other type. */
export function readDword(registry: Registry, path: string, name: string): number | undefined {
  const value = readValue(registry, path, name)
  return value?.type === REG_DWORD ? (value.data as number) : undefined
}

/** Text only when the value is a REG_SZ or a REG_EXPAND_SZ. */
export function readText(registry: Registry, path: string, name: string): string | undefined {
  const value = readValue(registry, path, name)
  if (value?.type === REG_SZ) return value.data as string
  if (value?.type === REG_EXPAND_SZ) return textOfBytes(value.data as Uint8Array)
  return undefined
}

/** Creates the key when it is missing. */
export function writeValue(registry: Registry, path: string, value: RegistryValue): void {
  createKey(registry, path).values.set(value.name.toLowerCase(), value)
}

function createKey(registry: Registry, path: string): RegistryKey {
  const full = fullPath(path)
  const id = full.toLowerCase()
  let key = registry.get(id)
  if (!key) {
    key = { path: full, values: new Map() }
    registry.set(id, key)
  }
  return key
}

export function deleteValue(registry: Registry, path: string, name: string): void {
  registry.get(keyId(path))?.values.delete(name.toLowerCase())
}

/** Deletes the key with everything below it. */
export function deleteKey(registry: Registry, path: string): void {
  const id = fullPath(path).toLowerCase()
  registry.delete(id)
  const below = `${id}\\`
  for (const other of registry.keys()) if (other.startsWith(below)) registry.delete(other)
}

export function copyRegistry(registry: Registry): Registry {
  return new Map([...registry].map(([id, key]) => [id, { path: key.path, values: new Map(key.values) }]))
}

/** UTF-16LE text up to the first NUL. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const unit = bytes[at]! | (bytes[at + 1]! << 8)
    if (unit === 0) break
    text += String.fromCharCode(unit)
  }
  return text
}

/** Data in the form that people and tools write it: text, lines of a REG_MULTI_SZ, a number, or bytes for all else. */
export function plainData({ type, data }: RegistryValue): string | string[] | number | bigint | Uint8Array {
  if (typeof data !== 'object') return data
  if (type === REG_EXPAND_SZ) return textOfBytes(data)
  if (type === REG_QWORD && data.length === 8)
    return new DataView(data.buffer, data.byteOffset, 8).getBigUint64(0, true)
  if (type === REG_MULTI_SZ) return linesOfBytes(data)
  return data
}

function linesOfBytes(bytes: Uint8Array): string[] {
  const lines: string[] = []
  for (let at = 0; at + 1 < bytes.length; ) {
    const line = textOfBytes(bytes.subarray(at))
    if (line === '') break
    lines.push(line)
    at += 2 * (line.length + 1)
  }
  return lines
}

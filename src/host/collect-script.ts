import { readFile } from 'node:fs/promises'

/** A script of the folder `collect`, which records what decides the TLS versions of a machine. */
export function collectScript(name: 'windows.ps1' | 'windows.cmd' | 'linux.sh'): Promise<string> {
  return readFile(new URL(`./collect/${name}`, import.meta.url), 'utf8')
}

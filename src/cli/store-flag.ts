import type { Flag } from './command.ts'

export const storeFlag: Flag = {
  name: 'store',
  value: 'dir|url',
  help: 'a directory, or http(s)://user:password@host:8123/database; else TLSUNSET_STORE, or the directory of this user',
}

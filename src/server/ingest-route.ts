import { rmSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { Hono } from 'hono'
import { Fault } from '../base/fault.ts'
import type { AccountRule } from '../model/policy.ts'
import type { AccountsFrom } from '../observe/attribute.ts'
import { workFolder } from '../observe/work-folder.ts'
import type { LogFile } from '../store/files.ts'
import { isRemote, openRemote } from '../store/remote.ts'
import type { Store } from '../store/store.ts'
import { type FileAsked, takeInAny } from './take-in-any.ts'

/** What a command asks of the process that owns the store. */
export interface IngestRequest {
  files: FileAsked[]
  sourceId?: string
  accountsFrom?: AccountsFrom
  live?: boolean
  onlyGrown?: boolean
}

/**
 * `POST /v1/ingest` takes files of this machine into the store. Only for the socket that the file system guards: whoever can open it may read
 * the files as well. What lies elsewhere is fetched with the credentials of this process. Whose traffic it is, `rules` say where nothing else
 * was asked for.
 */
export function addIngest(
  app: Hono,
  store: Store,
  { rules, changed }: { rules(): readonly AccountRule[]; changed(): void },
): void {
  app.post('/v1/ingest', async context => {
    const asked = requestOf(await context.req.json().catch(() => undefined))
    const work = workFolder('ingest')
    try {
      const files: unknown[] = []
      for (const file of asked.files) {
        for (const one of await filesOf(store, file)) {
          const answer =
            one instanceof Fault
              ? one
              : await takeInAny(store, one, {
                  ...byRules(rules()),
                  ...asked,
                  workDir: () => work,
                  now: Date.now,
                })
          files.push(answer instanceof Fault ? { fault: faultText(answer) } : answer)
        }
      }
      changed()
      return context.json({ files })
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })
}

function byRules(rules: readonly AccountRule[]): { accountsFrom?: AccountsFrom } {
  return rules.length > 0 ? { accountsFrom: { by: 'rules', rules } } : {}
}

async function filesOf(store: Store, file: FileAsked): Promise<readonly (FileAsked | LogFile | Fault)[]> {
  if (!isRemote(file.path)) return [file]
  try {
    return await openRemote(await store.reader(), file.path, process.env)
  } catch (error) {
    if (error instanceof Fault) return [error]
    throw error
  }
}

function requestOf(body: unknown): IngestRequest {
  const asked = body as Partial<IngestRequest> | undefined
  const isFile = (file: unknown): file is FileAsked =>
    typeof file === 'object' &&
    file !== null &&
    'path' in file &&
    typeof file.path === 'string' &&
    (isAbsolute(file.path) || isRemote(file.path))
  if (!asked || !Array.isArray(asked.files) || !asked.files.every(isFile))
    throw new Fault(
      'usage',
      'ingest-request',
      'files must be a list of objects with an absolute path or an address',
    )
  return asked as IngestRequest
}

function faultText({ kind, code, message, hint }: Fault) {
  return { kind, code, message, ...(hint === undefined ? {} : { hint }) }
}

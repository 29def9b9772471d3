import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import type { MiddlewareHandler } from 'hono'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

interface Asset {
  bytes: Uint8Array<ArrayBuffer>
  type: string
  etag: string
  isHashed: boolean
}

/**
 * Serves the built console from memory: only what the build wrote can be asked for, so no path leads anywhere else. Throws ENOENT when the
 * folder is missing.
 */
export function assets(folder: string): MiddlewareHandler {
  const files = read(folder)
  return async (context, next) => {
    const path = context.req.path === '/' ? '/index.html' : context.req.path
    const asset = files.get(path)
    if (!asset || context.req.method !== 'GET') return next()
    const headers = {
      etag: asset.etag,
      // vite puts a hash of the content into the names under assets/.
      'cache-control': asset.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    }
    if (context.req.header('if-none-match') === asset.etag) return context.body(null, 304, headers)
    return context.body(asset.bytes, 200, { ...headers, 'content-type': asset.type })
  }
}

function read(folder: string): Map<string, Asset> {
  const files = new Map<string, Asset>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = join(entry.parentPath, entry.name)
    const bytes = new Uint8Array(readFileSync(file))
    const path = file
      .slice(folder.replace(/[/\\]$/, '').length)
      .split(sep)
      .join('/')
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    files.set(path, { bytes, type, etag, isHashed: path.startsWith('/assets/') })
  }
  return files
}

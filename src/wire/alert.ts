import { bad, good, type Result } from '../base/result.ts'
import type { Version } from '../model/version.ts'
import { ALERT, writeRecords } from './record.ts'

export interface Alert {
  /** Version of the record that carried it. */
  recordVersion: Version
  /** 1 warning, 2 fatal; carries no meaning in TLS 1.3 (RFC 8446 section 6). */
  level: number
  description: number
}

/** An alert's body: two bytes. Encrypted alerts are longer and are refused here. */
export function parseAlert(body: Uint8Array, recordVersion: Version): Result<Alert> {
  if (body.length !== 2) return bad(0, 'an alert of 2 bytes')
  const [level, description] = body as unknown as [number, number]
  if (level !== 1 && level !== 2) return bad(0, 'alert level 1 or 2')
  return good({ recordVersion, level, description })
}

/** A fatal alert as one record. `version` is the record's: clients accept any, servers mostly repeat the client's own. */
export function alertRecord(version: Version, description: number): Uint8Array {
  return writeRecords(ALERT, version, Uint8Array.of(2, description))
}

import { emptyOffer } from '../model/offer.ts'
import type { HelloShape } from '../model/usage.ts'
import { camelKeys, helloTypes, snakeKeys } from './columns.ts'
import type { Database } from './database.ts'

/** The shapes with these ids, in no order; all of them when no ids are given. Ids that are not known are left out. */
export async function helloShapes(db: Database, ids?: readonly string[]): Promise<HelloShape[]> {
  if (ids?.length === 0) return []
  const found = await db.rows<Record<string, unknown>>(
    `SELECT ${Object.keys(helloTypes).join(', ')} FROM hellos
     ${ids ? 'WHERE shape IN {ids:Array(String)}' : ''} LIMIT 1 BY shape`,
    ids ? { ids: [...ids] } : {},
  )
  return found.map(({ shape, ja3, ja4, ja4_r, ...offer }) => ({
    id: String(shape),
    offer: Object.assign(emptyOffer(), camelKeys(offer)),
    ja3: String(ja3),
    ja4: String(ja4),
    ja4r: String(ja4_r),
  }))
}

/** Adds shapes to the dictionary; one that is there already stays once. */
export async function addHellos(db: Database, shapes: readonly HelloShape[]): Promise<void> {
  await db.insert(
    'hellos',
    shapes.map(({ id, offer, ja3, ja4, ja4r }) => {
      const { sni: _, ...rest } = offer
      return { shape: id, ...snakeKeys(rest), ja3, ja4, ja4_r: ja4r }
    }),
  )
}

import type { Hono } from 'hono'
import type { Facts } from '../facts.ts'

/** What every group of routes is given. */
export interface World {
  facts: Facts
  now(): number
}

/** Adds one group of routes to the API. */
export type Routes = (api: Hono, world: World) => void

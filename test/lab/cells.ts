import { isCi } from '../runs.ts'

/** Everything that the lab can try, slow servers and recorded hellos too. */
export const isFull = process.env.LAB_FULL === '1'

/**
 * Of the cells (a hello at a server) every fifth is tried, on diagonals, so that each hello and each server is among them; in CI and with
 * LAB_FULL=1 it is all of them.
 */
export const triesEvery = isFull || isCi ? 1 : 5

/** The same for hellos that were recorded. Every engine has as many servers, so that each hello meets each engine. */
export const triesRecordedEvery = isFull ? 1 : isCi ? 16 : 24

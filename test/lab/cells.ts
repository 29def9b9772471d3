/** Everything that the lab can try, slow servers and recorded hellos too. */
export const isFull = process.env.LAB_FULL === '1'

/**
 * Of the cells (a hello at a server) every third is tried, on diagonals, so that each hello and each server is among them; in CI and with
 * LAB_FULL=1 it is all of them.
 */
export const triesEvery = isFull || process.env.CI ? 1 : 3

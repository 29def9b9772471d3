/** So many days after they were taken in raw rows expire (schema, TTL of observations); the roll-up stays. */
export const rawDays = 90

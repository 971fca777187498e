/** The one source of time. Everything that asks "now" takes a Clock, so that tests and demos can move it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that runs `offset` (milliseconds, asked anew each time) ahead of the system's, or of another base. */
export const shiftedClock = (offset: () => number, base: () => number = Date.now): Clock => ({
  now: () => new Date(base() + offset()),
});

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

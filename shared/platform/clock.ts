/** The one source of time. Everything that asks "now" takes a Clock, so that tests and demos can move it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that runs `offset` (milliseconds, asked anew each time) ahead of the system's. */
export const shiftedClock = (offset: () => number): Clock => ({ now: () => new Date(Date.now() + offset()) });

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

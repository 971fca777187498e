import type { Authenticate } from './auth/verify.ts';
import { shiftedClock, systemClock, type Clock } from './clock.ts';
import { clockOffset } from './clock-offset.ts';
import { readSettings, type Settings } from './config.ts';
import { memo, once } from './memo.ts';

/**
 * The composition: every part that a function may ask for, made at first use from the environment and kept for the
 * life of the process. A part's module is imported only then, so a service loads what it uses and no more.
 */
export interface Parts {
  settings(): Settings;
  clock(): Clock;
  authenticate(): Promise<Authenticate>;
}

const settings = once(() => readSettings());

export const parts: Parts = {
  settings,
  clock: once(() => {
    const file = settings().DARKROOM_CLOCK_OFFSET_FILE;
    return file === undefined ? systemClock : shiftedClock(clockOffset(file));
  }),
  authenticate: memo(async () => {
    const { makeAuthenticate } = await import('./auth/verify.ts');
    const { DARKROOM_TOKEN_ISSUER: issuer, DARKROOM_TOKEN_AUDIENCE: audience } = settings();
    return makeAuthenticate({ issuer, audience });
  }),
};

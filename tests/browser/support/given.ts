import type { Browser } from 'playwright-core';
import type { TestStack } from '../../pipeline/support/stack.ts';
import type { Desk } from './desk.ts';
import type { Elsewhere } from './elsewhere.ts';

/** What the flows share: one stack, one browser; asked for when a test runs, for they start before all of them. */
export interface Given {
  readonly stack: TestStack;
  readonly browser: Browser;
  readonly desk: Desk;
  readonly elsewhere: Elsewhere;
}

export type GivenNow = () => Given;

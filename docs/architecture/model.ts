/**
 * The one source of the architecture's diagrams. `npm run diagrams` makes the draw.io file and the pictures from it;
 * tests hold that both are current and that what is drawn exists, and the other way round.
 */
import { flow } from './pages/flow.ts';
import { localStack } from './pages/local-stack.ts';
import { orderDesk } from './pages/order-desk.ts';
import { regionPair } from './pages/regions.ts';
import { security } from './pages/security.ts';
import type { Page } from './types.ts';

export const pages: readonly Page[] = [flow, security, orderDesk, regionPair, localStack];

import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { startPatience, startTestStack } from '../pipeline/support/stack.ts';
import { analyticsFlow } from './flows/analytics.ts';
import { imagesFlow } from './flows/images.ts';
import { logisticsFlow } from './flows/logistics.ts';
import { operationsFlow } from './flows/operations.ts';
import { qualitiesFlow } from './flows/qualities.ts';
import { salesFlow } from './flows/sales.ts';
import { chromiumPath, launchChromium, withoutChromium } from './support/chromium.ts';
import { openDesk } from './support/desk.ts';
import type { Given } from './support/given.ts';

jest.setTimeout(120_000);

const suite = chromiumPath === undefined ? describe.skip : describe;

suite(`the console${chromiumPath === undefined ? ` ${withoutChromium}` : ''}`, () => {
  let given: Given;
  const now = () => given;

  beforeAll(async () => {
    const [stack, browser] = await Promise.all([startTestStack(), launchChromium()]);
    given = { stack, browser, desk: openDesk(stack) };
  }, startPatience);
  afterAll(async () => {
    await given.desk.close();
    await given.browser.close();
    await given.stack.stop();
  }, 60_000);

  imagesFlow(now);
  logisticsFlow(now);
  salesFlow(now);
  analyticsFlow(now);
  operationsFlow(now);
  qualitiesFlow(now);
});

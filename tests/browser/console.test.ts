import { afterAll, beforeAll, jest } from '@jest/globals';
import { startPatience, startTestStack } from '../pipeline/support/stack.ts';
import { analyticsFlow } from './flows/analytics.ts';
import { docsFlow } from './flows/docs.ts';
import { galleryFlow } from './flows/gallery.ts';
import { imagesFlow } from './flows/images.ts';
import { lagHistoryFlow } from './flows/lag-history.ts';
import { lagFlow } from './flows/lag.ts';
import { layoutFlow } from './flows/layout.ts';
import { limitsFlow } from './flows/limits.ts';
import { logisticsFlow } from './flows/logistics.ts';
import { operationsFlow } from './flows/operations.ts';
import { readersFlow } from './flows/readers.ts';
import { qualitiesFlow } from './flows/qualities.ts';
import { otherClientsFlow } from './flows/other-clients.ts';
import { longNamesFlow } from './flows/long-names.ts';
import { manyImagesFlow } from './flows/many-images.ts';
import { productsGridFlow } from './flows/products-grid.ts';
import { salesFlow } from './flows/sales.ts';
import { sessionFlow } from './flows/session.ts';
import { statesFlow } from './flows/states.ts';
import { uploadsFlow } from './flows/uploads.ts';
import { launchChromium, missingChromium } from './support/chromium.ts';
import { openDesk } from './support/desk.ts';
import { serveElsewhere } from './support/elsewhere.ts';
import type { Given } from './support/given.ts';
import { suiteUnless } from '../support/skip-unless.ts';

jest.setTimeout(120_000);

suiteUnless(missingChromium)('the console', () => {
  let given: Given;
  const now = () => given;

  beforeAll(async () => {
    const elsewhere = await serveElsewhere();
    const settings = { DARKROOM_ALLOWED_ORIGINS: elsewhere.origin };
    const [stack, browser] = await Promise.all([startTestStack({ settings }), launchChromium()]);
    given = { stack, browser, elsewhere, desk: openDesk(stack) };
  }, startPatience);
  afterAll(async () => {
    await given.desk.close();
    await given.browser.close();
    await given.stack.stop();
    given.elsewhere.close();
  }, 60_000);

  sessionFlow(now);
  imagesFlow(now);
  uploadsFlow(now);
  galleryFlow(now);
  limitsFlow(now);
  manyImagesFlow(now);
  logisticsFlow(now);
  otherClientsFlow(now);
  salesFlow(now);
  productsGridFlow(now);
  analyticsFlow(now);
  operationsFlow(now);
  readersFlow(now);
  lagHistoryFlow(now);
  docsFlow(now);
  qualitiesFlow(now);
  layoutFlow(now);
  longNamesFlow(now);
  statesFlow(now);
  lagFlow(now);
});

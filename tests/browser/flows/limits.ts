import { describe, expect, test } from '@jest/globals';
import { requestsPerPersonAndMinute } from '../../../infra/azure/template/firewall-rules.ts';
import { limitRules, limitsOf } from '../../edge/support/policy.ts';
import { jpegPhoto } from '../../support/photos.ts';
import type { GivenNow } from '../support/given.ts';
import { visitAnew, type VisitOptions } from '../support/visit.ts';

const images = 120;
const people = 50;

interface Asked {
  readonly at: number;
  readonly limits: readonly string[];
}

/** Requests of the console as the firewall's limits count them, and the most of a kind within any one minute. */
function counter() {
  const asked: Asked[] = [];
  const before: NonNullable<VisitOptions['before']> = (page) => {
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url());
      const limits = limitsOf({ method: request.method(), url: pathname + search });
      asked.push({ at: Date.now(), limits });
    });
    return Promise.resolve();
  };
  const busiest = (name: string): number => {
    const times = asked.filter(({ limits }) => limits.includes(name)).map(({ at }) => at);
    return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
  };
  return { before, busiest };
}

/** What the console really sends, held against the rate limits of the Front Door template. */
export function limitsFlow(given: GivenNow): void {
  describe('rate limits of the edge', () => {
    test(`let one person drop ${images} images, and ${people} people do so behind one address`, async () => {
      const { stack, browser } = given();
      const { before, busiest } = counter();
      const files = await Promise.all(
        Array.from({ length: images }, async (_, index) => ({
          name: `drop-${index}.jpg`,
          mimeType: 'image/jpeg',
          buffer: await jpegPhoto(64, 48, 5000 + index),
        })),
      );
      const { page, context } = await visitAnew(browser, stack.endpoints.api, 'uploader2', '/images', {
        before,
      });
      await page.setInputFiles('input[type=file]', files);
      // The last to be sent is the last to be ready; the list keeps asking until all are.
      await page
        .locator('.upload-row', { hasText: `drop-${images - 1}.jpg` })
        .getByText('Ready')
        .waitFor({
          timeout: 100_000,
        });
      await context.close();
      expect(busiest('limituploads')).toBeGreaterThanOrEqual(images);
      for (const [name, { count }] of Object.entries(requestsPerPersonAndMinute)) {
        const seen = busiest(`limit${name}`);
        const rule = limitRules.find((one) => one.name === `limit${name}`)!;
        expect([name, seen, seen <= count]).toEqual([name, seen, true]);
        expect(people * seen).toBeLessThanOrEqual(rule.rateLimitThreshold!);
      }
    });
  });
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openKafkaClient } from '../../pipeline/support/kafka-client.ts';
import { eventually } from '../../support/eventually.ts';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit } from '../support/visit.ts';

const secret = 'anna@example.com';

/** The engineer on call. */
export function operationsFlow(given: GivenNow): void {
  describe('the operations page', () => {
    let visitor: Visit;
    let letter: string;

    beforeAll(async () => {
      const kafka = await openKafkaClient(given().stack);
      await kafka.send([
        {
          key: secret,
          value: Buffer.from(`{"person":"${secret}"}`),
          headers: { 'content-type': 'application/cloudevents+json' },
        },
      ]);
      await kafka.close();
      letter = await eventually(
        async () => {
          const response = await given().stack.call('engineering', '/operations/dead-letters');
          const { deadLetters } = (await response.json()) as { deadLetters: { id: string }[] };
          return deadLetters[0]?.id;
        },
        { within: 60_000, every: 300 },
      );
      visitor = await visit(given().browser, given().stack.endpoints.api, 'engineering', '/operations');
    });
    afterAll(() => visitor.context.close());

    test('tells the lag of each hub in words, and the health of each part', async () => {
      const { page } = visitor;
      const stream = page.getByRole('region', { name: 'Stream' });
      await stream.getByText('image-stream').waitFor();
      expect(await stream.innerText()).toContain('Up to date');
      await page.getByRole('region', { name: 'Health of the parts' }).getByText('event-hubs').waitFor();
    });

    test('refreshes by itself, and says so when it no longer can', async () => {
      const { page, context } = visitor;
      const asOf = page.getByRole('region', { name: 'Stream' }).locator('.as-of');
      const before = await asOf.innerText();
      await eventually(async () => ((await asOf.innerText()) === before ? undefined : true));
      expect(await page.locator('.group-rate').first().innerText()).toMatch(
        /^[\d.]+\/s in, [\d.]+\/s settled$/,
      );
      await context.setOffline(true);
      await eventually(async () => ((await asOf.innerText()).startsWith('Not refreshed') ? true : undefined));
      expect(await page.getByRole('region', { name: 'Stream' }).innerText()).toContain('image-stream');
      await context.setOffline(false);
      await eventually(async () => ((await asOf.innerText()).startsWith('As of') ? true : undefined));
    });

    test('previews a dead letter with its error and origin, and without anything personal', async () => {
      const { page } = visitor;
      await page.getByRole('link', { name: 'Dead letters' }).click();
      await page.getByRole('button', { name: letter }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Begins with').waitFor();
      const text = await dialog.innerText();
      await expectAccessible(page, 'dialog');
      expect(text).toContain('message-malformed');
      expect(text).toContain('image-stream, partition');
      expect(text).toContain('person');
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('hex'));
    });

    test('says what a replay would do before it does it, and records who and why', async () => {
      const { page } = visitor;
      await page.getByRole('dialog').getByRole('button', { name: 'Replay …' }).click();
      await page.getByText('Would fail again').waitFor();
      const replayNow = page.getByRole('button', { name: 'Replay now' });
      expect(await replayNow.isDisabled()).toBe(true);
      await page.getByLabel('Why it is replayed').fill('the producer says that it is mended');
      await replayNow.click();
      await page.getByText('Failed again').waitFor();
      await page.getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('button', { name: letter }).click();
      const record = page.getByRole('dialog').getByText('the producer says that it is mended');
      await record.waitFor();
      expect(await record.innerText()).toContain('by you');
      await page.keyboard.press('Escape');
    });

    test('proves the ledger and shows what the database allows, with the time of both', async () => {
      const { page } = visitor;
      await page.getByRole('link', { name: 'Erasures' }).click();
      const verify = await given().stack.call('engineering', '/operations/purges/verify');
      expect(await verify.json()).toMatchObject({ valid: true, faults: [] });
      await page.getByText('The ledger holds').waitFor();
      await page.getByRole('link', { name: 'Rights' }).click();
      await page.getByText('As it is meant').waitFor();
      const rights = (await (await given().stack.call('engineering', '/operations/rights')).json()) as {
        rights: unknown[];
      };
      const verdict = await page.getByText('As it is meant').innerText();
      expect(verdict.replaceAll(',', '')).toContain(`all ${rights.rights.length} answers`);
    });

    test('lists the processors with their versions', async () => {
      await visitor.page.getByRole('link', { name: 'Processors' }).click();
      for (const name of ['blurhash', 'preview', 'thumbnail', 'web']) {
        await visitor.page.getByRole('rowheader', { name, exact: true }).waitFor();
      }
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}

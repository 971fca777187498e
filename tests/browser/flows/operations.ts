import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { deriveImageId } from '../../../shared/platform/image-id.ts';
import { openKafkaClient } from '../../pipeline/support/kafka-client.ts';
import type { TestStack } from '../../pipeline/support/stack.ts';
import { quarters } from '../../pipeline/support/pictures.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleImage } from '../../support/sample-images.ts';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit } from '../support/visit.ts';
import { framesDrawn } from '../support/frames.ts';

const secret = 'anna@example.com';

/** An image as it is when its failure was noted and the event of its dead letter was lost, two minutes ago. */
async function failedWithoutDeadLetter(stack: TestStack): Promise<string> {
  const response = await stack.call('uploader', '/images', {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(await sampleImage('png', 40, 30)),
  });
  const { images } = (await response.json()) as { images: { id: string }[] };
  const { id } = images[0]!;
  await stack.outcome(id);
  const client = new pg.Client(stack.databaseOwner());
  await client.connect();
  await client.query(
    "UPDATE imaging.images SET status = 'failed', failure_code = 'internal', failure_message = 'm' WHERE image_id = $1",
    [id],
  );
  await client.query("UPDATE imaging.image_events SET at = at - interval '2 minutes' WHERE image_id = $1", [
    id,
  ]);
  await client.end();
  return id;
}

/** The engineer on call. */
export function operationsFlow(given: GivenNow): void {
  describe('the operations page', () => {
    let visitor: Visit;
    let letter: string;

    beforeAll(async () => {
      const kafka = await openKafkaClient(given().stack);
      await kafka.send(
        [0, 1, 2].map((number) => ({
          key: secret,
          value: Buffer.from(`{"person":"${secret}","number":${number}}`),
          headers: { 'content-type': 'application/cloudevents+json' },
        })),
      );
      await kafka.close();
      letter = await eventually(
        async () => {
          const response = await given().stack.call('engineering', '/operations/dead-letters');
          const { deadLetters } = (await response.json()) as { deadLetters: { id: string }[] };
          return deadLetters.length < 3 ? undefined : deadLetters[0]?.id;
        },
        { within: 60_000, every: 300 },
      );
      visitor = await visit(given().browser, given().stack.endpoints.api, 'engineering', '/operations');
    });
    afterAll(() => visitor.context.close());

    test('tells the lag of each hub in words, and the health of each part', async () => {
      const { page } = visitor;
      const stream = page.getByRole('region', { name: 'Stream' });
      await stream.getByText('image-stream', { exact: true }).waitFor();
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

    test('begins with one sentence that says what needs attention and leads to exactly that', async () => {
      const { page } = visitor;
      const response = await given().stack.call('engineering', '/operations/dead-letter-counts');
      const { counts } = (await response.json()) as {
        counts: { code: string; open: boolean; deadLetters: number; images: number }[];
      };
      const malformed = counts.filter((one) => one.open && one.code === 'message-malformed');
      const sum = (of: 'deadLetters' | 'images') => malformed.reduce((total, one) => total + one[of], 0);
      expect(sum('images')).toBeGreaterThanOrEqual(3);
      const sentence = page.locator('.attention');
      await sentence.getByText(/\d+ images (and .* )?need attention/).waitFor();
      expect(await sentence.innerText()).toMatch(
        new RegExp(`${sum('images')} message-malformed since .*\\d`),
      );
      await expectAccessible(page, '.attention');
      await sentence.getByRole('link', { name: `${sum('images')} message-malformed` }).click();
      const rows = page.locator('table.letters tbody tr');
      await eventually(async () => ((await rows.count()) === sum('deadLetters') ? true : undefined));
      expect(new URL(page.url()).search).toBe('?part=dead-letters&show=open&code=message-malformed');
      expect(await page.getByLabel('Code').inputValue()).toBe('message-malformed');
      await page.goBack();
    });

    test('counts a failed image that no dead letter tells of, leads to it, and has it processed again', async () => {
      const { page } = visitor;
      const id = await failedWithoutDeadLetter(given().stack);
      const sentence = page.locator('.attention');
      const link = sentence.getByRole('link', { name: /failed without a dead letter/ });
      await link.waitFor({ timeout: 90_000 });
      await link.click();
      await page.getByRole('rowheader', { name: id }).waitFor();
      await expectAccessible(page, 'main');
      await page.getByRole('button', { name: 'Process again …' }).click();
      await page.getByLabel('Why; this is recorded with your name').fill('its dead letter was lost');
      await page.getByRole('button', { name: 'Process now' }).click();
      await page.getByRole('button', { name: 'Close' }).last().click();
      await page.getByText('There are none').waitFor({ timeout: 60_000 });
      await page.goto(`${given().stack.endpoints.api}/operations`);
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
      await page.getByLabel('Why; this is recorded').fill('the producer says that it is repaired');
      await replayNow.click();
      await page.getByText('Failed again').waitFor();
      await page.getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('button', { name: letter }).click();
      const record = page.getByRole('dialog').getByText('the producer says that it is repaired');
      await record.waitFor();
      expect(await record.locator('..').innerText()).toContain('by you');
      await page.keyboard.press('Escape');
    });

    test('tries, discards and exports all that a filter finds, and shows the runs', async () => {
      const { page } = visitor;
      await page.goto(
        `${given().stack.endpoints.api}/operations?part=dead-letters&show=open&code=message-malformed`,
      );
      const rows = page.locator('table.letters tbody tr');
      await rows.first().waitFor();
      const count = await rows.count();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export' }).click(),
      ]);
      const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\n');
      expect(lines).toHaveLength(count);
      await page.getByRole('button', { name: 'Discard all open …' }).click();
      const dialog = page.getByRole('dialog', { name: `Discard ${count} dead letters` });
      await dialog.getByRole('button', { name: 'Try first' }).click();
      await dialog.getByText(`${count} discarded`).waitFor();
      expect(await dialog.innerText()).toContain('dry run: nothing is done');
      expect(await dialog.getByRole('button', { name: 'Discard all now' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Why; this is recorded').fill('a producer was tried out');
      await expectAccessible(page, 'dialog');
      await dialog.getByRole('button', { name: 'Discard all now' }).click();
      await eventually(async () => ((await dialog.innerText()).includes('dry run') ? undefined : true));
      await dialog.getByText(`${count} of ${count}`, { exact: true }).waitFor();
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await page.getByText('No dead letters').waitFor();
      const run = page.getByRole('region', { name: 'Runs over dead letters' }).locator('li').first();
      await run.getByText('a producer was tried out').waitFor();
      expect(await run.innerText()).toContain('by you');
      await expectAccessible(page);
    });

    test('looks into a hub, shows what an event says with its picture, follows live, and traces', async () => {
      const { page } = visitor;
      const kafka = await openKafkaClient(given().stack);
      const [key, ceId] = [`key-${randomUUID()}`, randomUUID()];
      const value = await quarters(640, 480).png().toBuffer();
      const headers = {
        ...{ ce_specversion: '1.0', ce_type: 'darkroom.image.received', ce_id: ceId, ce_source: '/shop' },
        'content-type': 'image/png',
      };
      await kafka.send([{ key, value, headers }]);
      await page.getByRole('link', { name: 'Hubs' }).click();
      const form = page.getByRole('form', { name: 'Which events' });
      await form.getByLabel('Key').fill(key);
      await form.getByRole('button', { name: 'Look' }).click();
      const rows = page.getByRole('region', { name: 'Events' }).locator('tbody tr');
      await eventually(async () => ((await rows.count()) === 1 ? true : undefined));
      expect(await rows.first().innerText()).toContain(ceId);
      const imageId = deriveImageId('cloudevent', '/shop', ceId);
      await given().stack.outcome(imageId);
      await rows.first().getByRole('button').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByAltText('Thumbnail of the image').waitFor();
      expect(await dialog.getByAltText('Thumbnail of the image').getAttribute('src')).toMatch(/^blob:/);
      const text = await dialog.innerText();
      for (const part of [key, ceId, '/shop', 'ce_source', 'image/png', imageId])
        expect(text).toContain(part);
      await expectAccessible(page, 'dialog');
      await page.keyboard.press('Escape');

      await page.getByLabel('Follow live').check();
      await kafka.send([
        { key, value: Buffer.concat([value, Buffer.from('2')]), headers: { ...headers, ce_id: `${ceId}-2` } },
      ]);
      await eventually(async () => ((await rows.count()) === 2 ? true : undefined), { within: 20_000 });
      await kafka.close();
      // Another question, while what follows is under way and is answered after it.
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const follows = '**/operations/events?*cursor=*';
      const late = page.waitForRequest((one) => one.url().includes('cursor='));
      await page.route(follows, (route) => held.then(() => route.continue()));
      await late;
      await form.getByLabel('Key').fill(`${key}-of-nobody`);
      await form.getByRole('button', { name: 'Look' }).click();
      await page.getByText('No such events').waitFor();
      await page.getByLabel('Follow live').uncheck();
      const answered = page.waitForResponse((one) => one.url().includes('cursor='));
      release();
      await (await answered).finished();
      await page.unroute(follows);
      await framesDrawn(page);
      expect(await rows.count()).toBe(0);
      await form.getByLabel('Key').fill(key);
      await form.getByRole('button', { name: 'Look' }).click();
      await eventually(async () => ((await rows.count()) === 2 ? true : undefined));
      await expectAccessible(page);

      const place = (await rows.first().getAttribute('data-event'))!;
      const trace = page.getByRole('form', { name: 'Trace one image' });
      await trace.getByLabel('What').fill(place);
      await trace.getByRole('button', { name: 'Trace' }).click();
      const traced = page.getByRole('list', { name: 'Traced' });
      await traced.getByRole('link', { name: imageId }).waitFor();
      expect(await traced.innerText()).toContain('processed');

      const deleted = await given().stack.call('engineering', `/images/${imageId}`, { method: 'DELETE' });
      expect(deleted.status).toBe(200);
      await trace.getByRole('button', { name: 'Trace' }).click();
      await page.getByText('Its image was erased').waitFor();
      await form.getByRole('button', { name: 'Look' }).click();
      await eventually(async () => ((await rows.count()) === 1 ? true : undefined));
      expect(await rows.first().innerText()).toContain(`${ceId}-2`);
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

    test('explains through which group, role and schema somebody comes to an object, and why somebody does not', async () => {
      const { page } = visitor;
      const form = page.getByRole('form', { name: 'Why somebody may' });
      const why = async (person: string, object: string) => {
        await form.getByLabel('Person').fill(person);
        await form.getByLabel('Object').fill(object);
        await form.getByLabel('Object').press('Enter');
      };
      await why('Samir Rossi', 'sales.products');
      await page.getByText('Samir Rossi comes to sales.products').waitFor();
      const way = page.getByRole('row').filter({ hasText: 'Team Sales' });
      expect((await way.getByRole('cell').allInnerTexts()).join(' → ')).toBe(
        'Team Sales → Sales → sales → sales → sales_login → sales → read',
      );
      await expectAccessible(page);
      await why('logistics', 'sales.products');
      await page.getByText('Lena Torres does not come to sales.products').waitFor();
      await page.getByText('What is missing: The application role Sales.').waitFor();
      await why('Analytics', 'orders.members');
      await page.getByText('Whoever has Analytics does not come to orders.members').waitFor();
      await why('Nobody Here', 'sales.products');
      const problem = page.getByRole('group', { name: 'Problem' });
      await problem.getByText('Nobody of the directory is called so.').waitFor();
      expect(await page.getByText('does not come to').count()).toBe(0);
      await why('Samir Rossi', 'sales.nothing');
      await problem.getByText('The database has no sales.nothing.').waitFor();
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

import { writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from '../browser/support/chromium.ts';
import { visitAnew, type Persona } from '../browser/support/visit.ts';
import { openKafkaClient } from '../pipeline/support/kafka-client.ts';
import type { TestStack } from '../pipeline/support/stack.ts';
import { eventually } from '../support/eventually.ts';
import { jpegPhoto } from '../support/photos.ts';
import type { Edge } from './support/nginx.ts';
import { awkwardNames, reasons } from './requests/words.ts';

export interface Step {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

/** Our CLI, as somebody runs it against a deployed stage. */
export async function cliSteps(stack: TestStack, edge: Edge, directory: string): Promise<Step[]> {
  const photo = `${directory}/O'Brien & co.jpg`;
  writeFileSync(photo, await jpegPhoto(900, 700, 7));
  const other = `${directory}/second.jpg`;
  writeFileSync(other, await jpegPhoto(900, 700, 8));
  const run = async (persona: string, ...words: string[]) => {
    const env = {
      ...process.env,
      DARKROOM_HOME: directory,
      DARKROOM_API_URL: edge.url,
      DARKROOM_TOKEN: await stack.connection.token(persona),
      NODE_OPTIONS: '',
    };
    const { stdout } = await promisify(execFile)(process.execPath, ['cli/darkroom.mjs', ...words], { env });
    return stdout;
  };
  return [
    { name: 'upload --wait', run: () => run('uploader', 'upload', '--wait', photo) },
    {
      name: 'upload --resumable --wait',
      run: () => run('uploader', 'upload', '--resumable', '--wait', other),
    },
    { name: 'status', run: () => run('engineering', 'status') },
    { name: 'dead-letters list', run: () => run('engineering', 'dead-letters', 'list') },
    { name: 'dead-letters counts', run: () => run('engineering', 'dead-letters', 'counts') },
    {
      name: 'dead-letters discard --dry-run',
      run: () => run('engineering', 'dead-letters', 'discard', '--all', '--dry-run'),
    },
    {
      name: 'dead-letters export',
      run: () => run('engineering', 'dead-letters', 'export', '--code', 'internal', '--from', '6h'),
    },
    {
      name: 'stream events',
      run: () =>
        run(
          'engineering',
          'stream',
          'events',
          '--from',
          'start',
          '--header',
          'content-type=image/png; q=1',
          '--key',
          "o'neill@example.com",
        ),
    },
    {
      name: 'stream trace',
      run: () =>
        run(
          'engineering',
          'stream',
          'trace',
          '--ce-id',
          'a/b?c=d',
          '--ce-source',
          'https://shop.example/orders?x=1',
        ),
    },
    { name: 'ledger verify', run: () => run('engineering', 'ledger', 'verify') },
    { name: 'purge --dry-run', run: () => run('engineering', 'purge', '--dry-run') },
  ];
}

const files = (count: number, seed: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      name: `${index} ${awkwardNames[index % awkwardNames.length]!.replaceAll('/', '_')}.jpg`,
      mimeType: 'image/jpeg',
      buffer: await jpegPhoto(500, 400, seed + index),
    })),
  );

/** Waits for the answer to a request of the page; throws unless it is a success. */
async function answerTo(page: Page, method: string, part: string): Promise<void> {
  const answer = await page.waitForResponse(
    (one) => one.request().method() === method && one.url().includes(part),
  );
  if (!answer.ok()) throw new Error(`${method} ${part} was answered ${answer.status()}.`);
}

/** A record that is no image, so that there is something to replay. */
async function makeDeadLetter(stack: TestStack): Promise<void> {
  const kafka = await openKafkaClient(stack);
  const headers = { 'content-type': 'application/cloudevents+json' };
  await kafka.send([{ key: 'somebody', value: Buffer.from('{"person":"somebody"}'), headers }]);
  await kafka.close();
  await eventually(async () => {
    const response = await stack.call('engineering', '/operations/dead-letters');
    const { deadLetters } = (await response.json()) as { deadLetters: readonly unknown[] };
    return deadLetters.length > 0 ? true : undefined;
  });
}

/** The console in a browser: what people do with it, once each. */
export async function browserSteps(
  stack: TestStack,
  edge: Edge,
): Promise<{ steps: Step[]; close: () => Promise<void> }> {
  await makeDeadLetter(stack);
  const browser = await launchChromium();
  const as = async (persona: Persona, path: string, act: (page: Page) => Promise<unknown>) => {
    const { page, context } = await visitAnew(browser, edge.url, persona, path);
    try {
      page.setDefaultTimeout(30_000);
      await act(page);
    } finally {
      await context.close();
    }
  };
  const steps: Step[] = [
    {
      name: 'sign in, drop files, see them ready',
      run: () =>
        as('uploader2', '/images', async (page) => {
          await page.setInputFiles('input[type=file]', await files(6, 100));
          for (let index = 0; index < 6; index += 1)
            await page
              .locator('.upload-row', { hasText: `${index} ` })
              .first()
              .getByText('Ready')
              .waitFor();
        }),
    },
    {
      name: 'search for an awkward product',
      run: () =>
        as('sales', '/sales', async (page) => {
          for (const name of awkwardNames.slice(0, 12)) {
            const answered = page.waitForResponse((one) => one.url().includes('/api/sales/products?'));
            await page.getByRole('searchbox').fill(name);
            const status = (await answered).status();
            if (status !== 200) throw new Error(`${name} was answered ${status}.`);
          }
        }),
    },
    {
      name: 'import a product list',
      run: () =>
        as('sales', '/sales', async (page) => {
          const rows = awkwardNames.map((name) => `"${name.replaceAll('"', '""')}, new",Darkroom,1.50,0.1`);
          const buffer = Buffer.from(['name,manufacturer,cost,weight', ...rows, ''].join('\n'));
          await page.getByRole('button', { name: 'Import' }).click();
          await page
            .getByLabel('File', { exact: true })
            .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer });
          await page.getByRole('dialog').getByRole('row').nth(1).waitFor();
          const imported = answerTo(page, 'POST', '/api/sales/products/import');
          await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
          await imported;
        }),
    },
    {
      name: 'check off an order',
      run: () =>
        as('logistics', '/logistics', async (page) => {
          const done = answerTo(page, 'POST', '/complete');
          await page
            .getByRole('button', { name: /^Check off order/ })
            .first()
            .click();
          await done;
        }),
    },
    {
      name: 'replay a dead letter, with a reason',
      run: () =>
        as('engineering', '/operations?part=dead-letters', async (page) => {
          await page.locator('table.letters tbody button').first().click();
          await page.getByRole('dialog').getByRole('button', { name: 'Replay …' }).click();
          await page.getByLabel('Why; this is recorded').fill(reasons[0]);
          const replayed = answerTo(page, 'POST', '/replay');
          await page.getByRole('button', { name: 'Replay now' }).click();
          await replayed;
        }),
    },
    {
      name: 'erase an image',
      run: () =>
        as('uploader2', '/images', async (page) => {
          await page.locator('.grid-item', { hasText: 'Ready' }).first().getByRole('link').click();
          await page.getByRole('dialog').getByRole('link', { name: 'Details' }).click();
          const erased = answerTo(page, 'DELETE', '/api/images/');
          await page.getByRole('button', { name: 'Erase' }).click();
          await page.getByRole('button', { name: 'Erase for good' }).click();
          await erased;
        }),
    },
    {
      name: 'figures',
      run: () => as('analytics', '/analytics', (page) => page.locator('.figures').first().waitFor()),
    },
    {
      name: 'operations, dead letters, erasures, rights',
      run: () =>
        as('engineering', '/operations', async (page) => {
          await page.locator('.group').first().waitFor();
          for (const [part, shows] of [
            ['dead-letters', 'table.letters, .empty'],
            ['hubs', '.hub-form'],
            ['erasures', '.verdict'],
            ['processors', 'table.cards'],
            ['rights', '.matrix'],
          ]) {
            await page.goto(`${edge.url}/operations?part=${part}`);
            await page.locator(shows!).first().waitFor();
          }
        }),
    },
  ];
  return { steps, close: () => browser.close() };
}

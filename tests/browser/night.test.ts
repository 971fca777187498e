import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { minute } from '../../shared/platform/clock.ts';
import { hubs, readHubs } from '../../shared/stream/hubs.ts';
import { darkroom } from '../pipeline/support/cli.ts';
import { asSuperuser } from '../pipeline/support/stores.ts';
import { startPatience, startTestStack, type TestStack } from '../pipeline/support/stack.ts';
import { eventually } from '../support/eventually.ts';
import { failingThumbnails } from '../support/failing-processor.ts';
import { suiteUnless } from '../support/skip-unless.ts';
import { launchChromium, missingChromium } from './support/chromium.ts';
import { follow, stepsOf } from './support/follow.ts';
import { source, startNightProducer } from './support/night-producer.ts';
import { visit, type Visit } from './support/visit.ts';

/*
 * A scripted night: producers run, and everything goes wrong. The engineer has the console and docs/runbooks/bad-night.md, whose
 * words are the names of what is pressed here.
 */

jest.setTimeout(600_000);

/** The machine may do other things too. */
const patience = { within: 240_000, every: 250 };
const reason = 'the night of the bad release';

suiteUnless(missingChromium)('a bad night', () => {
  let releases: string;
  let stack: TestStack;
  let browser: Browser;
  let producer: Awaited<ReturnType<typeof startNightProducer>>;
  let engineer: Visit;

  const [look, act, [afterwards]] = ['Look', 'Act', 'Afterwards'].map((section) =>
    stepsOf('bad-night', section),
  ) as [ReturnType<typeof stepsOf>, ReturnType<typeof stepsOf>, ReturnType<typeof stepsOf>];

  const throttleFile = () => join(stack.stateDir, 'event-hubs', 'throttle-ms');
  /** What the runbook's commands are on this machine. */
  async function run(command: string): Promise<void> {
    if (command === 'npx sls rollback') await stack.deploy();
    else if (command === 'npx sls deploy') await rm(throttleFile());
    else if (command.startsWith('npx darkroom ')) {
      const words = command
        .replace('…', reason)
        .match(/"[^"]+"|\S+/g)!
        .slice(2);
      const ran = await darkroom(stack, ...words.map((word) => word.replaceAll('"', '')));
      expect(ran).toMatchObject({ code: 0, stderr: '' });
    } else if (command.startsWith('npx ')) throw new Error(`What is "${command}" on this machine?`);
  }
  const step = (number: number, options: Parameters<typeof follow>[2] = {}) =>
    follow(engineer.page, act[number - 1]!, { fill: reason, run, ...options });
  const row = (hub: string) => engineer.page.locator(`[data-reader="${hub}"]`);
  const group = (hub: string) =>
    engineer.page.locator('.group').filter({ has: engineer.page.getByText(hub, { exact: true }) });

  beforeAll(async () => {
    releases = await mkdtemp(join(tmpdir(), 'darkroom-releases-'));
    await symlink(resolve('node_modules'), join(releases, 'node_modules'));
    [stack, browser] = await Promise.all([
      startTestStack({ outdir: join(releases, 'dist') }),
      launchChromium(),
    ]);
    producer = await startNightProducer(stack);
    engineer = await visit(browser, stack.endpoints.api, 'engineering', '/');
    engineer.page.setDefaultTimeout(patience.within);
  }, startPatience);
  afterAll(async () => {
    await producer.close();
    await browser.close();
    await stack.stop();
    await rm(releases, { recursive: true, force: true });
  }, 60_000);

  test('begins as any other: producers send, images are processed, and a limit of dead letters is set', async () => {
    await run(`npx darkroom readers limit ${hubs.processing} --dead-letters 5 --minutes 10 --reason "…"`);
    await eventually(() => (producer.processed().size > 2 ? true : undefined), patience);
  });

  test('a bad release fails every image, until the product holds the reader', async () => {
    await stack.deploy([failingThumbnails]);
    await producer.sendGarbage(2);
    await engineer.page.goto(`${stack.endpoints.api}/operations`);
    await row(hubs.processing).getByText('Held', { exact: true }).waitFor();
    const { deadLetters } = (await (
      await stack.call('engineering', '/operations/dead-letters?code=processor-failed')
    ).json()) as { deadLetters: { message: string }[] };
    expect(deadLetters[0]!.message).toContain('It was never tried.');
  });

  test('the namespace is throttled: what came is refused further on, and waits', async () => {
    await writeFile(throttleFile(), '300');
    const isRefused = (line: string) => line.includes('record.postponed') && line.includes('image-stream');
    await eventually(() => stack.lines.some(isRefused) || undefined, patience);
    await group(hubs.stream)
      .getByText(/\d+ waiting/)
      .first()
      .waitFor();
  });

  test('an engineer pauses the stream, ten minutes go by, and the producers send on', async () => {
    await step(1, { beside: row(hubs.stream) });
    await row(hubs.stream).getByText('Paused', { exact: true }).waitFor();
    stack.moveClock(10 * minute);
    const before = producer.acknowledged.length;
    await eventually(() => (producer.acknowledged.length > before + 3 ? true : undefined), patience);
  });

  test('a hub is made anew, with the events that it held', async () => {
    await rm(join(stack.stateDir, 'event-hubs', 'hubs', hubs.processing), { recursive: true });
    await stack.kill('event-hubs');
    await stack.listening('event-hubs');
    // Found within a minute, and at once by a host that starts.
    await stack.kill('functions');
    await stack.listening('functions');
    await engineer.page.locator('[data-alarm="anew"]').first().waitFor();
  });

  test('the engineer sees it all, where the runbook says', async () => {
    await follow(engineer.page, look[0]!);
    await follow(engineer.page, look[1]!);
  });

  test('and brings it back, step by step', async () => {
    await step(2);
    await step(3);
    await step(4, { leaveOut: ['Resume …'] });
    for (const hub of [hubs.stream, hubs.processing])
      await row(hub).getByText('Reads', { exact: true }).waitFor();
    await step(5);
    await step(6, { choose: 'processor-failed' });
    await step(7, { choose: 'message-malformed' });
  });

  test('nothing was lost: each acknowledged image is processed once, the rest is as the engineer said', async () => {
    await producer.endSending();
    const sent = producer.acknowledged;
    await eventually(() => (producer.processed().size >= sent.length ? true : undefined), patience);
    await follow(engineer.page, afterwards!);
    for (const hub of readHubs) await group(hub).getByText('Up to date', { exact: true }).first().waitFor();
    const times = producer.processed();
    expect(sent.filter((id) => times.get(id) !== 1)).toEqual([]);
    expect(times.size).toBe(sent.length);
    const counts = await asSuperuser(stack, (database) =>
      database.query(
        `SELECT status, count(*)::int AS images, count(*) FILTER (WHERE variants = 3)::int AS whole
         FROM (SELECT i.status, (SELECT count(*) FROM imaging.image_variants v WHERE v.image_id = i.image_id) AS variants
               FROM imaging.images i WHERE i.sender_source = $1) AS own
         GROUP BY status`,
        [source],
      ),
    );
    expect(counts.rows).toEqual([{ status: 'processed', images: sent.length, whole: sent.length }]);
    const answer = await stack.call('engineering', '/operations/dead-letters');
    const { deadLetters } = (await answer.json()) as { deadLetters: { code: string; lastOutcome: string }[] };
    const outcomesOf = (code: string) =>
      deadLetters.filter((one) => one.code === code).map((one) => one.lastOutcome);
    expect(outcomesOf('message-malformed')).toEqual(['discarded', 'discarded']);
    // "duplicate": step 5 ran it before its dead letter was in the index.
    expect(outcomesOf('processor-failed').every((one) => ['applied', 'duplicate'].includes(one))).toBe(true);
    expect(new Set(deadLetters.map(({ code }) => code))).toEqual(
      new Set(['message-malformed', 'processor-failed']),
    );
  });

  test('the console said nothing that it should not have', () => {
    expect(engineer.complaints).toEqual([]);
  });
});

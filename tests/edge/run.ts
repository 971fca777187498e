/**
 * `npm run check:edge`: our own clients and attacks through the firewall that the Front Door template describes, run by
 * nginx and ModSecurity with OWASP CRS 3.3.4, before a whole stack on free ports. Without Debian's packages it is
 * skipped, loudly. Exit code 1 when something of ours is blocked or an attack is not.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allRoutes } from '../../functions/all-routes.ts';
import { missingChromium } from '../browser/support/chromium.ts';
import { startTestStack, type TestStack } from '../pipeline/support/stack.ts';
import { sampleImage } from '../support/sample-images.ts';
import { attacks } from './attacks.ts';
import { browserSteps, cliSteps, type Step } from './clients.ts';
import { analytics, logistics, operations, sales } from './requests/desks.ts';
import { images, pages } from './requests/reads.ts';
import { uploads } from './requests/uploads.ts';
import { routesNotSent } from './support/coverage.ts';
import { missingPackages } from './support/crs.ts';
import { startEdge, type Block, type Edge } from './support/nginx.ts';
import { isBlocked, makeSend, type Answer, type Sent } from './support/send.ts';
import { printOutcomes, type Outcome } from './support/table.ts';

const reasons = (blocks: readonly Block[]): string =>
  blocks
    .map(({ method, uri, rules }) => `${method} ${uri.slice(0, 100)}\n      ${rules.join('\n      ')}`)
    .join('\n    ');

/** A processed image of the uploader, whose id is answered. */
async function oneImage(stack: TestStack): Promise<string> {
  const headers = { 'content-type': 'image/jpeg' };
  const body = new Uint8Array(await sampleImage('jpeg', 500, 400, 3));
  const response = await stack.call('uploader', '/images', { method: 'POST', headers, body });
  const {
    images: [image],
  } = (await response.json()) as { images: { id: string }[] };
  await stack.outcome(image!.id);
  return image!.id;
}

async function checkOwn(stack: TestStack, edge: Edge): Promise<Outcome[]> {
  const send = makeSend(stack, edge.port);
  const image = await oneImage(stack);
  const groups: Readonly<Record<string, Iterable<Sent> | AsyncIterable<Sent>>> = {
    pages: pages(),
    uploads: uploads(send),
    images: images(stack, image),
    logistics: logistics(stack),
    sales: sales(stack),
    analytics: analytics(),
    operations: operations(image),
  };
  const [outcomes, sent]: [Outcome[], Sent[]] = [[], []];
  for (const [group, requests] of Object.entries(groups)) {
    for await (const request of requests) {
      sent.push(request);
      const answer = await send(request);
      const ok = !isBlocked(answer) && answer.status < 500;
      const detail = ok ? '' : `${answer.status} ${reasons(await edge.blocks())}`;
      outcomes.push({ group, name: request.name, ok, detail });
    }
    // What was sent in between, to prepare a request, counts as well.
    for (const block of await edge.blocks())
      outcomes.push({ group, name: 'beside the list', ok: false, detail: reasons([block]) });
  }
  for (const name of routesNotSent(await allRoutes(), sent))
    outcomes.push({
      group: 'routes',
      name,
      ok: false,
      detail: 'No request of tests/edge/requests goes to it.',
    });
  return outcomes;
}

/** What no proxy passes on: paths above the root, methods that are none. The API would name the request. */
const isMalformed = ({ status, headers }: Answer): boolean =>
  [400, 405].includes(status) && headers['x-correlation-id'] === undefined;

async function checkAttacks(stack: TestStack, edge: Edge): Promise<Outcome[]> {
  const send = makeSend(stack, edge.port);
  const outcomes: Outcome[] = [];
  for (const attack of attacks) {
    const answer = await send(attack);
    const stopped = isBlocked(answer) || isMalformed(answer);
    outcomes.push({
      group: 'attacks',
      name: attack.name,
      ok: stopped,
      detail: stopped ? '' : `answered ${answer.status}`,
    });
  }
  await edge.blocks();
  return outcomes;
}

async function checkSteps(group: string, edge: Edge, steps: readonly Step[]) {
  const outcomes: Outcome[] = [];
  for (const { name, run } of steps) {
    const failure = await run().then(
      () => undefined,
      (error: unknown) => String(error).slice(0, 600),
    );
    const blocks = await edge.blocks();
    const ok = failure === undefined && blocks.length === 0;
    outcomes.push({ group, name, ok, detail: ok ? '' : `${failure ?? ''} ${reasons(blocks)}` });
  }
  return outcomes;
}

async function check(): Promise<{ outcomes: Outcome[]; skipped: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-edge-'));
  const stack = await startTestStack();
  const edge = await startEdge(stack.endpoints.api, directory).catch(async (error: unknown) => {
    await stack.stop();
    throw error;
  });
  try {
    const outcomes = [
      ...(await checkOwn(stack, edge)),
      ...(await checkSteps('CLI', edge, await cliSteps(stack, edge, directory))),
    ];
    if (missingChromium === undefined) {
      const { steps, close } = await browserSteps(stack, edge);
      outcomes.push(...(await checkSteps('console in a browser', edge, steps)));
      await close();
    } else console.log(`SKIPPED console in a browser: ${missingChromium}`);
    outcomes.push(...(await checkAttacks(stack, edge)));
    return { outcomes, skipped: missingChromium === undefined ? 0 : 1 };
  } finally {
    await edge.stop();
    await stack.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

const missing = missingPackages();
if (missing.length > 0) {
  console.log(
    `NOT CHECKED: the firewall, which needs ${missing.join(', ')}: apt-get install ${missing.join(' ')}`,
  );
  console.log('0 passed, 0 failed, 1 skipped');
} else {
  const { outcomes, skipped } = await check();
  printOutcomes(outcomes);
  const failed = outcomes.filter(({ ok }) => !ok).length;
  console.log(`${outcomes.length - failed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

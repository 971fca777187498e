/**
 * What the console costs who opens it: bytes of the first load of each page, compressed; how long each page takes from
 * nothing until it shows what it is for and the browser is free; and scrolling a gallery of thousands.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { buildConsole } from '../../infra/build-console.ts';
import { launchChromium } from '../browser/support/chromium.ts';
import { insertImages } from '../browser/support/many-images.ts';
import { places } from '../browser/support/places.ts';
import { openTimed, type Timed } from '../browser/support/timed.ts';
import { startTestStack, type TestStack } from '../pipeline/support/stack.ts';
import type { Bench, Case } from './harness/bench.ts';

const dist = fileURLToPath(new URL('../../web/dist/', import.meta.url));
const limit = '200 kB';
const signIn = 'sign-in';

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

type Manifest = Readonly<Record<string, Chunk>>;

/** A chunk's own files and those of everything that it imports at once. */
function filesOf(manifest: Manifest, name: string, found = new Set<string>()): Set<string> {
  const { file, imports = [], css = [] } = manifest[name]!;
  if (found.has(file)) return found;
  for (const one of [file, ...css]) found.add(one);
  for (const one of imports) filesOf(manifest, one, found);
  return found;
}

const kilobytes = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(dist + file)).length, 0) / 1000;

/** What a browser fetches of the console itself for each page, gzip, and what a chart adds once. */
function sizes(): Case {
  const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8')) as Manifest;
  const first = ['index.html', 'theme.js', ...filesOf(manifest, 'index.html')];
  const page = (path: string) => new Set([...first, ...filesOf(manifest, `src/pages/${path}-page.tsx`)]);
  const loads = {
    [signIn]: new Set([...first, 'welcome.svg']),
    images: page('images/images'),
    packing: page('logistics/logistics'),
    products: page('sales/sales'),
    figures: page('analytics/analytics'),
    operations: page('operations/operations'),
    'the chart library, once': filesOf(manifest, 'src/ui/chart-library.ts'),
  };
  const measured = Object.entries(loads).map(
    ([name, files]) => [name, () => Promise.resolve(kilobytes(files))] as const,
  );
  return {
    ...{ name: 'first load of a page, gzip', unit: 'kB', runs: 1, warmUps: 0 },
    contenders: { ...Object.fromEntries(measured), [limit]: () => Promise.resolve(200) },
    compare: Object.keys(loads).map((name) => [name, limit]),
  };
}

/** From a click on a bookmark, nothing kept, until the page shows what it is for and no long task runs. */
async function interactive(browser: Browser, stack: TestStack): Promise<Case> {
  const { api } = stack.endpoints;
  const contenders: Record<string, () => Promise<number>> = {};
  const first = await openTimed(browser, api, { path: '/', shows: '.welcome-card' });
  contenders[signIn] = () => first.load();
  for (const place of places) {
    const page = await openTimed(browser, api, place);
    contenders[place.name] = () => page.load();
  }
  return {
    ...{ name: 'time to interactive, nothing cached', unit: 'ms', runs: 7, warmUps: 1, contenders },
    compare: places.map(({ name }) => [name, signIn]),
  };
}

async function scrolling(browser: Browser, stack: TestStack): Promise<Case> {
  const open = (persona: 'uploader' | 'uploader2'): Promise<Timed> =>
    openTimed(browser, stack.endpoints.api, { persona, path: '/images', shows: '.grid-item' });
  await insertImages(stack, 'uploader', 600);
  await insertImages(stack, 'uploader2', 3000);
  const [few, many] = [await open('uploader'), await open('uploader2')];
  await few.scrollToEnd();
  await many.scrollToEnd();
  return {
    ...{ name: 'scrolling, 95th percentile between frames', unit: 'ms', runs: 5, warmUps: 1 },
    contenders: { '3,000 images': () => many.scroll(), '600 images': () => few.scroll() },
    compare: [['3,000 images', '600 images']],
  };
}

let stack: TestStack | undefined;
let browser: Browser | undefined;

const bench: Bench = {
  about:
    'the console: bytes of the first load, time to interactive of each page, scrolling thousands of images',
  async cases() {
    await buildConsole();
    stack = await startTestStack();
    browser = await launchChromium();
    return [sizes(), await interactive(browser, stack), await scrolling(browser, stack)];
  },
  async close() {
    await browser?.close();
    await stack?.stop();
  },
};

export default bench;

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
import { sampleImage } from '../support/sample-images.ts';
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

/** Every page, signed in, by name. */
async function openPages(browser: Browser, { endpoints: { api } }: TestStack): Promise<Map<string, Timed>> {
  const pages = new Map([[signIn, await openTimed(browser, api, { path: '/', shows: '.welcome-card' })]]);
  for (const place of places) pages.set(place.name, await openTimed(browser, api, place));
  return pages;
}

const ofEach = (pages: ReadonlyMap<string, Timed>, measured: (page: Timed) => Promise<number>) =>
  Object.fromEntries([...pages].map(([name, page]) => [name, () => measured(page)]));

/** From a click on a bookmark, nothing kept, until the page shows what it is for and no long task runs. */
const interactive = (pages: ReadonlyMap<string, Timed>): Case => ({
  ...{ name: 'time to interactive, nothing cached', unit: 'ms', runs: 7, warmUps: 1 },
  contenders: ofEach(pages, (page) => page.load()),
  compare: places.map(({ name }) => [name, signIn]),
});

/** Core Web Vitals on a processor four times as slow, beside what is allowed; no shift at all counts as `noShift`. */
function vitals(pages: ReadonlyMap<string, Timed>): Case[] {
  const [noShift, allowed] = [0.0001, 'allowed'];
  const compare = [...pages.keys()].map((name) => [name, allowed] as const);
  const settings = { runs: 5, warmUps: 1, compare } as const;
  const [lcp, cls] = [
    ofEach(pages, async (page) => (await page.vitals()).lcp),
    ofEach(pages, async (page) => Math.max(noShift, (await page.vitals()).cls)),
  ];
  return [
    {
      ...{ name: 'largest contentful paint, processor 4 times slower', unit: 'ms', ...settings },
      contenders: { ...lcp, [allowed]: () => Promise.resolve(1_200) },
    },
    {
      ...{ name: 'cumulative layout shift, processor 4 times slower', unit: 'shift', ...settings },
      contenders: { ...cls, [allowed]: () => Promise.resolve(0.01) },
    },
  ];
}

/** Its images come when its turn does: the ledger never received them, of which the page of erasures would tell at length. */
function scrolling(browser: Browser, stack: TestStack): Case {
  const open = async (persona: 'uploader' | 'uploader2', count: number): Promise<Timed> => {
    await insertImages(stack, persona, count);
    const place = { persona, path: '/images', shows: '.grid-item' };
    const page = await openTimed(browser, stack.endpoints.api, place);
    await page.scrollToEnd();
    return page;
  };
  const scrolled = (...gallery: Parameters<typeof open>) => {
    let page: Promise<Timed> | undefined;
    return async () => (await (page ??= open(...gallery))).scroll();
  };
  return {
    ...{ name: 'scrolling, 95th percentile between frames', unit: 'ms', runs: 5, warmUps: 1 },
    contenders: { '3,000 images': scrolled('uploader2', 3000), '600 images': scrolled('uploader', 600) },
    compare: [['3,000 images', '600 images']],
  };
}

/** Pictures that the gallery shows first, as an uploader's has them. */
async function fillGallery(stack: TestStack): Promise<void> {
  for (let seed = 1; seed <= 24; seed += 1) {
    const body = await sampleImage('jpeg', 1200, 800, seed);
    const answer = await stack.call('uploader', '/images', {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body: new Uint8Array(body),
    });
    const { images } = (await answer.json()) as { images: readonly { id: string }[] };
    await stack.outcome(images[0]!.id);
  }
}

let stack: TestStack | undefined;
let browser: Browser | undefined;

const bench: Bench = {
  about:
    'the console: bytes of the first load, time to interactive and Core Web Vitals of each page, scrolling thousands of images',
  async cases() {
    await buildConsole();
    stack = await startTestStack();
    browser = await launchChromium();
    await fillGallery(stack);
    const pages = await openPages(browser, stack);
    return [sizes(), interactive(pages), ...vitals(pages), scrolling(browser, stack)];
  },
  async close() {
    await browser?.close();
    await stack?.stop();
  },
};

export default bench;

import { times, openWholeStack, type WholeStack } from './support/whole-stack.ts';
import type { Bench, Case } from './harness/bench.ts';
import { openBareHost, type BareHost } from './support/bare-host.ts';
import { call, expectStatus } from './support/call.ts';
import { benchPicture } from './support/picture.ts';
import { requestsPerRun, typical } from './support/typical.ts';

/** As many people at once as keep the host busy. */
const atOnce = 8;

let stack: WholeStack | undefined;
let bareHost: BareHost | undefined;

type Headers = Readonly<Record<string, string>>;

async function get(url: string, headers: Headers, expected: number): Promise<string | undefined> {
  const answer = await call('GET', url, { ...headers });
  expectStatus(answer, expected);
  return answer.headers.etag;
}

/** Milliseconds for a request, with others on their way beside it. */
async function busy(request: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await times(requestsPerRun, atOnce, request);
  return (performance.now() - began) / requestsPerRun;
}

/** A processed image's variant: its signed address, as the console opens it, its address for a token, and its blob. */
async function variantOf({ stack: { endpoints, ...running }, watcher }: WholeStack, name: string) {
  const { rows } = await watcher.query<{ image_id: string; path: string }>(
    'SELECT image_id, path FROM imaging.image_variants WHERE name = $1',
    [name],
  );
  const { image_id: id, path } = rows[0]!;
  const headers = { authorization: `Bearer ${await running.token('uploader')}` };
  const { body } = await call('GET', `${endpoints.api}/api/images/${id}`, headers);
  const { variants } = JSON.parse(body) as { variants: { name: string; url: string }[] };
  const { url } = variants.find((variant) => variant.name === name)!;
  const signed = new URL(url, endpoints.api);
  return {
    signed: signed.href,
    plain: `${signed.origin}${signed.pathname}`,
    headers,
    blob: `processed/${path}`,
  };
}

async function cases({ image }: { image: string | undefined }): Promise<Case[]> {
  const whole = await openWholeStack();
  stack = whole;
  const { settings, endpoints } = whole.stack;
  const host = await openBareHost({
    storage: settings['DARKROOM_IMAGE_STORAGE']!,
    eventHubs: endpoints.hubs,
  });
  bareHost = host;
  await whole.upload(await benchPicture(image));
  await whole.until(1);
  const { signed, plain, headers: token, blob } = await variantOf(whole, 'preview');
  const bare = host.address(blob);
  const range = { range: 'bytes=1000-4999' };
  const [etag, bareEtag] = [await get(signed, {}, 200), await get(bare, {}, 200)];
  const matching = { 'if-none-match': etag! };
  const compared = (
    name: string,
    status: number,
    [url, own, other]: readonly [string, Headers, Headers],
    measure = typical,
  ): Case => ({
    ...{ name, unit: 'ms', runs: 9 },
    contenders: {
      darkroom: () => measure(() => get(url, own, status)),
      'bare function': () => measure(() => get(bare, other, status)),
    },
    compare: [['darkroom', 'bare function']],
  });
  return [
    compared('p50 of a variant, with a token', 200, [plain, token, {}]),
    compared(`a variant, with a token, ${atOnce} at once`, 200, [plain, token, {}], busy),
    compared('p50 of a 206 of 4 kB', 206, [signed, range, range]),
    compared('p50 of a 304', 304, [plain, { ...token, ...matching }, { 'if-none-match': bareEtag! }]),
    compared('p50 of a variant by its signed address, from the cache', 200, [signed, {}, {}]),
  ];
}

export default {
  about: "a variant (200, 206, 304, from the cache) against a function that passes on the store's bytes",
  cases,
  async close() {
    await bareHost?.close();
    await stack?.close();
  },
} satisfies Bench;

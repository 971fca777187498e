import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { day } from '../../../../shared/platform/clock.ts';
import { hexDigest, originalBytes, previewBytes } from '../../../support/images.ts';
import { startImageFunctions, type ImageFunctions } from '../../../support/image-functions.ts';
import type { ImageDetailView, ImageView } from '../../../../functions/read/routes.ts';
import type { Problem } from '../../../../shared/platform/http/problem.ts';
import '../../../../functions/read/index.ts';

let functions: ImageFunctions;
let { issuer, images, send, as, moveClock } = {} as ImageFunctions;

beforeAll(async () => {
  functions = await startImageFunctions();
  ({ issuer, images, send, as, moveClock } = functions);
}, 180_000);
afterAll(() => functions.close());
beforeEach(() => moveClock(0));

const image: ImageFunctions['images']['make'] = (...options) => images.make(...options);

type Shown = ImageDetailView & Omit<Problem, 'status'> & { images: ImageView[]; next: string | null };
const json = async (answer: Response) => (await answer.json()) as Shown;
const addressOf = async (imageId: string, owner: string, variant = 'preview'): Promise<string> => {
  const { variants, links } = await json(
    await send('GET', `/api/images/${imageId}`, { headers: await as(owner) }),
  );
  return variant === 'raw' ? links.raw! : variants.find((made) => made.name === variant)!.url;
};

describe('who may see an image', () => {
  const routes: readonly [string, string, string][] = [
    ['GET', '/api/images', 'list'],
    ['GET', '/api/images/ID', 'metadata'],
    ['GET', '/api/images/ID/preview', 'bytes'],
  ];
  test.each(routes)(
    '%s %s is 401 without, with an expired or with a misdirected token',
    async (method, path) => {
      const address = path.replace('ID', await image('ann', 'processed'));
      const wrong = [{ expires: -60 }, { audience: 'somebody-else' }, { issuer: 'https://evil.example' }];
      expect((await send(method, address)).status).toBe(401);
      for (const fault of wrong) {
        const headers = { authorization: `Bearer ${await issuer.token({ oid: 'ann' }, fault)}` };
        const answer = await send(method, address, { headers });
        expect([answer.status, (await json(answer)).code]).toEqual([401, 'unauthenticated']);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
      }
    },
  );

  test.each(routes)('%s %s is 403 without the role', async (method, path) => {
    const address = path.replace('ID', await image('ann', 'processed'));
    expect((await send(method, address, { headers: await as('ann', 'Sales') })).status).toBe(403);
  });

  test.each(routes.slice(1))(
    '%s %s is the same 404 for another owner as for no image',
    async (method, path) => {
      const address = path.replace('ID', await image('ann', 'processed'));
      const foreign = await send(method, address, { headers: await as('bob') });
      const absent = await send(method, path.replace('ID', randomUUID()), { headers: await as('bob') });
      expect([foreign.status, absent.status]).toEqual([404, 404]);
      expect((await json(foreign)).detail).toBe((await json(absent)).detail);
    },
  );

  test('an engineer sees any image', async () => {
    const id = await image('ann', 'processed');
    const answer = await send('GET', `/api/images/${id}`, { headers: await as('eve', 'Engineering') });
    expect((await json(answer)).owner).toBe('ann');
  });
});

describe('GET /images?ids=', () => {
  const of = async (ids: readonly string[], ...who: Parameters<typeof as>) => {
    const query = ids.map((id) => `ids=${id}`).join('&');
    return send('GET', `/api/images?${query}`, { headers: await as(...who) });
  };

  test('answers these images in the order asked, in the form of a list, each once the id was answered', async () => {
    const ids = [
      await image('ann', 'processed'),
      await image('ann', 'received'),
      await image('ann', 'stored'),
    ];
    const { images: shown, next } = await json(await of(ids, 'ann'));
    expect(shown.map(({ id, status }) => [id, status])).toEqual([
      [ids[0], 'processed'],
      [ids[1], 'received'],
      [ids[2], 'stored'],
    ]);
    expect(shown[0]!.variants.map(({ name }) => name)).toContain('preview');
    expect(next).toBeNull();
  });

  test('takes them separated by commas, too', async () => {
    const ids = [await image('ann', 'processed'), await image('ann', 'processed')];
    const answer = await send('GET', `/api/images?ids=${ids.join(',')}`, { headers: await as('ann') });
    expect((await json(answer)).images.map(({ id }) => id)).toEqual(ids);
  });

  test('leaves out what is not there, and what is not yours; an engineer sees all', async () => {
    const [mine, foreign] = [await image('ann', 'processed'), await image('bob', 'processed')];
    const ids = [mine, foreign, randomUUID()];
    expect((await json(await of(ids, 'ann'))).images.map(({ id }) => id)).toEqual([mine]);
    expect((await json(await of(ids, 'eve', 'Engineering'))).images.map(({ id }) => id)).toEqual([
      mine,
      foreign,
    ]);
  });

  test('takes a hundred, and is 400 for one more, for none and for what is no id', async () => {
    const many = Array.from({ length: 100 }, () => randomUUID());
    expect((await of(many, 'ann')).status).toBe(200);
    expect((await of([...many, randomUUID()], 'ann')).status).toBe(400);
    for (const query of ['ids=', 'ids=x', `ids=${randomUUID()},x`]) {
      expect((await send('GET', `/api/images?${query}`, { headers: await as('ann') })).status).toBe(400);
    }
  });
});

describe('GET /images/{id}', () => {
  test('tells everything of a processed image', async () => {
    const id = await image('ann', 'processed');
    const shown = await json(await send('GET', `/api/images/${id}`, { headers: await as('ann') }));
    expect(shown).toMatchObject({
      id,
      status: 'processed',
      source: 'http',
      contentType: 'image/png',
      width: 4,
      height: 3,
    });
    expect(shown.sha256).toBe(hexDigest(originalBytes));
    expect(Date.parse(shown.deleteAt) - Date.parse(shown.uploadedAt)).toBe(7 * day);
    expect(shown.facts).toEqual({ blurhash: 'LEHV6n' });
    expect(shown.timeline.map((entry) => entry.event)).toEqual(['received', 'stored', 'processed']);
    expect(shown.variants).toHaveLength(1);
    expect(shown.variants[0]).toMatchObject({
      name: 'preview',
      bytes: 10,
      processor: 'preview',
      processorVersion: '1',
    });
    expect(JSON.stringify(shown)).not.toContain('.png');
  });

  test('answers received from the stored bytes while there is no row', async () => {
    const id = await image('ann', 'received');
    const shown = await json(await send('GET', `/api/images/${id}`, { headers: await as('ann') }));
    expect(shown).toMatchObject({
      id,
      status: 'received',
      bytes: originalBytes.byteLength,
      variants: [],
      failure: null,
    });
    expect(shown.links.raw).toBeUndefined();
  });

  test('says why an image was rejected', async () => {
    const id = await image('ann', 'rejected');
    const shown = await json(await send('GET', `/api/images/${id}`, { headers: await as('ann') }));
    expect(shown).toMatchObject({ status: 'rejected', failure: { code: 'unsupported-type' } });
  });

  test.each(['received', 'processed'] as const)(
    'is 404 for a %s image from deleteAt on, purged or not',
    async (status) => {
      const id = await image('ann', status);
      moveClock(7 * day - 60_000);
      expect((await send('GET', `/api/images/${id}`, { headers: await as('ann') })).status).toBe(200);
      moveClock(7 * day + 1);
      expect((await send('GET', `/api/images/${id}`, { headers: await as('ann') })).status).toBe(404);
    },
  );
});

describe('GET /images', () => {
  const list = async (headers: Record<string, string>, query = '') =>
    json(await send('GET', `/api/images${query}`, { headers }));

  test('pages through all of one’s own, newest first, each once', async () => {
    const owner = randomUUID();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await image(owner, 'stored', { age: (5 - n) * 1000 }));
    await image('somebody else', 'stored');
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      const page: Shown = await list(await as(owner), `?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.images.map((shown) => shown.id));
      cursor = page.next;
      expect(pages).toBeLessThan(3);
    }
    expect(seen).toEqual(ids.reverse());
  });

  test('filters by status', async () => {
    const owner = randomUUID();
    await image(owner, 'stored');
    const rejected = await image(owner, 'rejected');
    const { images: found } = await list(await as(owner), '?status=rejected');
    expect(found.map((shown) => shown.id)).toEqual([rejected]);
  });

  test('shows engineers everybody’s, or one owner’s; others cannot choose an owner', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const id = await image(one, 'stored');
    await image(other, 'stored');
    const engineer = await as('eve', 'Engineering');
    expect((await list(engineer, `?owner=${one}`)).images.map((shown) => shown.id)).toEqual([id]);
    expect((await list(engineer)).images.length).toBeGreaterThan(1);
    expect((await list(await as(randomUUID()), `?owner=${one}`)).images).toEqual([]);
  });

  test('answers only what is erased within the hours asked', async () => {
    const owner = randomUUID();
    const hour = 3_600_000;
    const soon = await image(owner, 'processed', { age: 6 * 24 * hour + hour });
    await image(owner, 'processed', { age: 6 * 24 * hour - hour });
    const { images: due } = await list(await as(owner), '?dueWithinHours=24');
    expect(due.map(({ id }) => id)).toEqual([soon]);
  });

  test('refuses a cursor that was changed, or is from somebody else’s list', async () => {
    const owner = randomUUID();
    await image(owner, 'stored');
    await image(owner, 'stored', { age: 1000 });
    const { next } = await list(await as(owner), '?limit=1');
    const changed = `${Buffer.from('["2020-01-01T00:00:00.000Z","x"]').toString('base64url')}.${next!.split('.')[1]}`;
    for (const [who, cursor] of [
      [owner, changed],
      [randomUUID(), next],
      [owner, 'nonsense'],
    ] as const) {
      const answer = await send('GET', `/api/images?cursor=${cursor}`, { headers: await as(who) });
      expect([answer.status, (await json(answer)).code]).toEqual([400, 'invalid-request']);
    }
  });
});

describe('the bytes of a variant', () => {
  test('come to the owner with their type, size, tag and a name we made', async () => {
    const id = await image('ann', 'processed');
    const answer = await send('GET', `/api/images/${id}/preview`, { headers: await as('ann') });
    expect(await answer.text()).toBe('0123456789');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '10',
      etag: `"${hexDigest(previewBytes)}"`,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      'content-disposition': `inline; filename="${id}-preview.png"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  test('of the original come under the name that its sender gave, of which nothing is in its address', async () => {
    const fileName = 'Zürich "am See".png';
    const id = await image('ann', 'processed', { fileName });
    const shown = await json(await send('GET', `/api/images/${id}`, { headers: await as('ann') }));
    expect(shown.fileName).toBe(fileName);
    expect(shown.links.raw).not.toMatch(/rich/);
    const answer = await send('GET', shown.links.raw!);
    expect(answer.headers.get('content-disposition')).toBe(
      `inline; filename="${id}-raw.png"; filename*=UTF-8''Z%C3%BCrich%20%22am%20See%22.png`,
    );
    const received = await image('ann', 'received', { fileName });
    const early = await json(await send('GET', `/api/images/${received}`, { headers: await as('ann') }));
    expect(early.fileName).toBe(fileName);
  });

  test('come to anybody with the signed address, which a browser may keep until it ends and a shared cache for ten minutes', async () => {
    const address = await addressOf(await image('ann', 'processed'), 'ann');
    const answer = await send('GET', address);
    expect(await answer.text()).toBe('0123456789');
    const seconds = Number(
      /^public, max-age=(\d+), s-maxage=600, immutable$/.exec(answer.headers.get('cache-control')!)?.[1],
    );
    expect(seconds).toBeGreaterThan(3500);
    expect(seconds).toBeLessThanOrEqual(7200);
  });

  test('are never cacheable past deleteAt, nor served from then on', async () => {
    const id = await image('ann', 'processed');
    moveClock(7 * day - 60_000);
    const address = await addressOf(id, 'ann');
    const seconds = (await send('GET', address)).headers.get('cache-control')!.match(/\d+/g)!.map(Number);
    expect(seconds).toHaveLength(2);
    for (const one of seconds) expect(one).toBeLessThanOrEqual(60);
    moveClock(7 * day + 1000);
    expect((await send('GET', address)).status).toBe(403);
    expect((await send('GET', `/api/images/${id}/preview`, { headers: await as('ann') })).status).toBe(404);
  });

  test('are refused for an address that expired or was changed', async () => {
    const id = await image('ann', 'processed');
    const address = await addressOf(id, 'ann');
    const forgeries = [
      address.replace('/preview?', '/raw?'),
      address.replace(/expires=(\d)/, 'expires=9'),
      address.replace(id, await image('ann', 'processed')),
      address.replace(/signature=.{4}/, 'signature=AAAA'),
      address.replace(/version|expires|signature/g, (name) => name.toUpperCase()),
      address.replace('/api/images/', '/API/images/'),
    ];
    for (const forged of forgeries) expect((await send('GET', forged)).status).toBe(403);
    moveClock(3 * 3_600_000);
    const answer = await send('GET', address);
    expect([answer.status, (await json(answer)).code]).toEqual([403, 'forbidden']);
  });

  test('are refused for an address that is not to the letter what the image gave', async () => {
    const id = await image('ann', 'processed');
    const address = await addressOf(id, 'ann');
    const [path, query] = address.split('?') as [string, string];
    const [version, expires, signature] = query.split('&') as [string, string, string];
    const last = signature.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sameBytes = alphabet[alphabet.indexOf(last) ^ 1]!;
    const others = [
      `${address}&x=1`,
      `${address}&`,
      `${address}=`,
      `${address}%20`,
      `${address}A`,
      `${address}&signature=`,
      `${address}&${signature}`,
      `${path}?x=1&${query}`,
      `${path}?${expires}&${version}&${signature}`,
      `${path}?${version}&${expires.replace('expires=', 'expires=0')}&${signature}`,
      `${path}?${version}&${expires}.0&${signature}`,
      `${path}?${version}&${expires}x&${signature}`,
      `${path}?${version}&${expires}&${signature.slice(0, -1)}${sameBytes}`,
      `${path}?${version}&${expires}&${signature.slice(0, -1)}%${last.charCodeAt(0).toString(16)}`,
      `${path}?${version.replace('version=', 'version=%20')}&${expires}&${signature}`,
      `${path}?${version.replace('version', '%76ersion')}&${expires}&${signature}`,
      `${path.replace('/preview', '/%70review')}?${query}`,
      `${path.replace('/preview', '/Preview')}?${query}`,
      `${path.replace(id, id.toUpperCase())}?${query}`,
      `${path}?${version}&${expires}`,
      `${path}?${signature}`,
    ];
    expect((await send('GET', address)).status).toBe(200);
    for (const other of others) expect([other, (await send('GET', other)).status]).toEqual([other, 403]);
  });

  test('are the present ones at the address of bytes that were processed anew, and not kept', async () => {
    const id = await image('ann', 'processed');
    const before = await addressOf(id, 'ann');
    await images.process(id, new TextEncoder().encode('better'), '2');
    const stale = await send('GET', before);
    expect([await stale.text(), stale.headers.get('cache-control')]).toEqual(['better', 'public, no-cache']);
    expect(await addressOf(id, 'ann')).not.toBe(before);
  });

  test('are not sent again to one who has them', async () => {
    const address = await addressOf(await image('ann', 'processed'), 'ann');
    const tag = `"${hexDigest(previewBytes)}"`;
    for (const have of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const answer = await send('GET', address, { headers: { 'if-none-match': have } });
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', tag]);
    }
    expect((await send('GET', address, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('in the range %s are %s', async (range, expected, contentRange) => {
    const address = await addressOf(await image('ann', 'processed'), 'ann');
    const answer = await send('GET', address, { headers: { range } });
    expect([answer.status, await answer.text()]).toEqual([206, expected]);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(answer.headers.get('content-length')).toBe(String(expected.length));
  });

  test('have no range behind their end: 416 with their size', async () => {
    const address = await addressOf(await image('ann', 'processed'), 'ann');
    for (const range of ['bytes=10-', 'bytes=-0']) {
      const answer = await send('GET', address, { headers: { range } });
      expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    }
  });

  test('come whole for several ranges, another unit, nonsense, or a part of other bytes', async () => {
    const address = await addressOf(await image('ann', 'processed'), 'ann');
    const whole: Record<string, string>[] = [
      { range: 'bytes=0-1,4-5' },
      { range: 'lines=1-2' },
      { range: 'bytes=5-2' },
      { range: 'bytes=1-2', 'if-range': '"other"' },
    ];
    for (const headers of whole) expect((await send('GET', address, { headers })).status).toBe(200);
    const fitting = { range: 'bytes=1-2', 'if-range': `"${hexDigest(previewBytes)}"` };
    expect((await send('GET', address, { headers: fitting })).status).toBe(206);
  });

  test('are described by HEAD without being sent', async () => {
    const address = await addressOf(await image('ann', 'processed'), 'ann');
    const answer = await send('HEAD', address);
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '10',
      '',
    ]);
  });

  test('of the original are served once it was checked, not before', async () => {
    const received = await image('ann', 'received');
    expect((await send('GET', `/api/images/${received}/raw`, { headers: await as('ann') })).status).toBe(409);
    const stored = await image('ann', 'stored');
    const answer = await send('GET', await addressOf(stored, 'ann', 'raw'));
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(originalBytes);
    const rejected = await image('ann', 'rejected');
    expect((await send('GET', `/api/images/${rejected}/raw`, { headers: await as('ann') })).status).toBe(404);
  });

  test('of a variant that does not exist are 404', async () => {
    const id = await image('ann', 'processed');
    expect((await send('GET', `/api/images/${id}/poster`, { headers: await as('ann') })).status).toBe(404);
  });
});

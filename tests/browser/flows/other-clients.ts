import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { GivenNow } from '../support/given.ts';
import { noisyPhoto } from '../support/noise.ts';

const chunkSize = 1024 * 1024;
const clients = ['Uppy', 'tus-js-client'] as const;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Clients that other people wrote, in the real browser, from a page of another origin. */
export function otherClientsFlow(given: GivenNow): void {
  describe('a page of another origin', () => {
    let page: Page;
    let photo: Buffer;
    const patched: number[] = [];
    const open = async (origin: string) => {
      await page.goto(origin);
      await page
        .getByLabel('File')
        .setInputFiles({ name: 'night train.jpg', mimeType: 'image/jpeg', buffer: photo });
    };
    const send = async (client: (typeof clients)[number]): Promise<string> => {
      const { stack } = given();
      const asked = {
        ...{ client, chunkSize, endpoint: `${stack.endpoints.api}/api/uploads` },
        token: await stack.token('uploader2'),
      };
      return page.evaluate<string>(`send(${JSON.stringify(asked)})`);
    };

    beforeAll(async () => {
      photo = await noisyPhoto(2200, 1700);
      page = await given().browser.newPage();
      page.on('response', (response) => {
        if (response.request().method() === 'PATCH') patched.push(response.status());
      });
    });
    afterAll(() => page.close());

    test.each(clients)(
      'sends a photo with %s, paused once: byte for byte, and it is processed',
      async (client) => {
        const { stack, elsewhere } = given();
        expect(photo.length).toBeGreaterThan(2 * chunkSize);
        await open(elsewhere.origin);
        patched.length = 0;
        const id = (await send(client)).split('/').at(-1)!;
        expect(patched.filter((status) => status === 204).length).toBeGreaterThanOrEqual(2);
        expect((await stack.outcome(id)).status).toBe('processed');
        const image = (await (await stack.call('uploader2', `/images/${id}`)).json()) as Record<
          string,
          unknown
        >;
        expect(image).toMatchObject({ source: 'tus', bytes: photo.length, sha256: sha256(photo) });
        const raw = await stack.call('uploader2', `/images/${id}/raw`);
        expect(sha256(new Uint8Array(await raw.arrayBuffer()))).toBe(sha256(photo));
      },
    );

    test('is refused by the browser when its origin is not one of those allowed', async () => {
      await open(given().elsewhere.originNotAllowed);
      await expect(send('tus-js-client')).rejects.toThrow('failed to create upload');
    });
  });
}

import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { DarkroomError } from '../../shared/platform/errors.ts';
import type { Log } from '../../shared/platform/log.ts';
import { makeReceiveUpload } from '../../shared/images/receive/receive-upload.ts';

const nothing = (): void => undefined;
const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, with: () => log };

/** The start of a JPEG, and then nothing, not even an end. */
async function* silent(): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(4_096)]);
  await new Promise(() => undefined);
}

test('an upload that cannot be stored is answered, although its client has fallen silent', async () => {
  const receive = makeReceiveUpload({
    storage: {
      statusOf: () => Promise.resolve(undefined),
      async storeRaw(_origin, _contentType, bytes) {
        const reader = (bytes as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
        await reader.next();
        // Still waiting for more when the store goes away.
        void reader.next();
        throw new DarkroomError('unavailable', 'The store is away.');
      },
    },
    events: { send: () => Promise.resolve(), close: () => Promise.resolve() },
    clock: { now: () => new Date() },
    maxBytes: 1_000_000,
    log,
  });
  const upload = {
    imageId: randomUUID(),
    owner: 'ann',
    correlationId: 'c',
    bytes: silent(),
    length: 100_000,
  };
  const answered = receive(upload).catch((error: unknown) => (error as DarkroomError).code);
  const waited = new Promise((resolve) => setTimeout(resolve, 60_000, 'still waiting').unref());
  expect(await Promise.race([answered, waited])).toBe('unavailable');
});

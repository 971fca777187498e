import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { makeReplayableBody } from '../../../../../shared/images/store/replayable-body.ts';

const mebibyte = 1024 * 1024;
const pattern = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, at) => at % 251));

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise(setImmediate);
    yield bytes.subarray(at, at + size);
  }
}

describe('a body of known length', () => {
  test('is read from its first byte while it arrives, and again from the first when asked again', async () => {
    const bytes = pattern(mebibyte + 17);
    const body = makeReplayableBody(pieces(bytes, 65_536), bytes.length);
    const [first, second] = await Promise.all([buffer(body.open()), buffer(body.open())]);
    expect(first.equals(bytes)).toBe(true);
    expect(second.equals(bytes)).toBe(true);
    expect((await buffer(body.open())).equals(bytes)).toBe(true);
    expect(Buffer.from(await body.whole()).equals(bytes)).toBe(true);
  });

  test('is passed on before its last byte has come', async () => {
    let end: (() => void) | undefined;
    async function* held(): AsyncGenerator<Uint8Array> {
      yield pattern(600_000);
      await new Promise<void>((resolve) => (end = resolve));
      yield Buffer.from([1]);
    }
    const reader = makeReplayableBody(held(), 600_001).open();
    const [first] = (await reader.take(1).toArray()) as Buffer[];
    expect(first!.length).toBe(600_000);
    end!();
  });

  test('of no bytes is empty', async () => {
    expect(await buffer(makeReplayableBody(pieces(Buffer.alloc(0), 1), 0).open())).toHaveLength(0);
  });

  test.each([
    ['fewer', 9],
    ['more', 11],
  ])('with %s bytes than it announced is refused as invalid-request', async (_title, came) => {
    const body = makeReplayableBody(pieces(pattern(came), 4), 10);
    await expect(body.whole()).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(buffer(body.open())).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('fails for whoever reads it as its source does', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield pattern(5);
      await Promise.reject(new Error('gone'));
    }
    const body = makeReplayableBody(broken(), 10);
    await expect(buffer(body.open())).rejects.toThrow('gone');
    await expect(body.whole()).rejects.toThrow('gone');
  });
});

import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { openAhead } from '../../../../../shared/images/read/open-ahead.ts';
import { explicitRange } from '../../../../../shared/images/read/range.ts';
import type { ByteRange } from '../../../../../shared/images/store/ports.ts';

const id = '0d9a9c4e-6a0c-4f3b-9a52-0d7e4f1a2b3c';

/** A store that notes what is opened and answers with `outcome`. */
function store(outcome: () => Promise<Readable>) {
  const opened: [path: string, range: ByteRange | undefined][] = [];
  const open = (path: string, range?: ByteRange) => {
    opened.push([path, range]);
    return outcome();
  };
  return { opened, reader: { openVariant: open, openRaw: open } };
}

const bytes = () => Readable.from([Buffer.from('bytes')]);

test('a variant is opened where its first version lies, the original under its id', () => {
  const { opened, reader } = store(() => Promise.resolve(bytes()));
  openAhead(reader, id, 'preview', undefined);
  openAhead(reader, id, 'raw', { start: 0, end: 9 });
  expect(opened).toEqual([
    [`${id}/preview.jpg`, undefined],
    [id, { start: 0, end: 9 }],
  ]);
});

test('what was opened is taken once it turns out to be it, and stays open', async () => {
  const stream = bytes();
  const ahead = openAhead(store(() => Promise.resolve(stream)).reader, id, 'preview', undefined);
  expect(await ahead.take(`${id}/preview.jpg`, undefined)).toBe(stream);
  ahead.drop();
  await turn();
  expect(stream.destroyed).toBe(false);
});

test.each([
  ['lies elsewhere', `${id}/preview.webp`, undefined],
  ['is asked for in part', `${id}/preview.jpg`, { start: 0, end: 3 }],
])('of what %s, nothing is taken, and the bytes are given up', async (_what, path, range) => {
  const stream = bytes();
  const ahead = openAhead(store(() => Promise.resolve(stream)).reader, id, 'preview', undefined);
  expect(await ahead.take(path, range)).toBeUndefined();
  ahead.drop();
  await turn();
  expect(stream.destroyed).toBe(true);
});

describe('a store that fails', () => {
  const failing = (error: Error) => store(() => Promise.reject(error)).reader;

  test('is met by whoever takes the bytes', async () => {
    const away = new DarkroomError('unavailable', 'The store is away.');
    const ahead = openAhead(failing(away), id, 'preview', undefined);
    await expect(ahead.take(`${id}/preview.jpg`, undefined)).rejects.toBe(away);
  });

  test('is met by nobody where nobody takes them', async () => {
    openAhead(failing(new Error('away')), id, 'preview', undefined).drop();
    await turn();
  });

  test('with nothing there is asked again, for it may have come meanwhile', async () => {
    const ahead = openAhead(failing(new DarkroomError('not-found', 'gone')), id, 'preview', undefined);
    expect(await ahead.take(`${id}/preview.jpg`, undefined)).toBeUndefined();
  });

  test('in the middle of bytes that nobody reads yet ends no process', async () => {
    const stream = new Readable({ read: () => undefined });
    const ahead = openAhead(store(() => Promise.resolve(stream)).reader, id, 'preview', undefined);
    await turn();
    stream.destroy(new Error('cut'));
    await turn();
    const taken = await ahead.take(`${id}/preview.jpg`, undefined);
    await expect(taken!.toArray()).rejects.toThrow('cut');
  });
});

test.each([
  ['bytes=5-9', { start: 5, end: 9 }],
  [' bytes=5-9', { start: 5, end: 9 }],
  ['bytes=9-5', undefined],
  ['bytes=5-', undefined],
  ['bytes=-5', undefined],
  ['bytes=0-1,3-4', undefined],
  [null, undefined],
])('the range of %j without the size is %j', (header, range) => {
  expect(explicitRange(header)).toEqual(range);
});

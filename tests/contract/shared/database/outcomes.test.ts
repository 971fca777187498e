import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { erasedEntry } from '../../../support/erased-entry.ts';
import { describeEngines } from './support/describe-engines.ts';
import { as } from './support/shop.ts';

const writer = as('service:stream');
const at = new Date('2026-01-05T10:00:01.456Z');
const erasedAt = new Date('2026-01-12T10:05:00Z');
const failure = { code: 'processing-timeout', message: 'Too slow.' };
const facts = { content_type: 'image/png', bytes: 1234, width: 40, height: 30, sha256: 'a'.repeat(64) };

describeEngines('outcomes', (engine) => {
  const db = () => engine().database;
  const origin = (image_id: string, more = {}) => ({
    ...{ image_id, owner: 'user-1', source: 'kafka', correlation_id: 'c-1' },
    ...{ sender_source: '/shop', sender_id: 'photo-7' },
    ...{ uploaded_at: new Date('2026-01-05T10:00:00Z'), delete_at: new Date('2026-01-12T10:00:00Z'), at },
    ...more,
  });
  const save = (id: string, more = {}) =>
    db().execute('storage_writer', 'save_image', { ...origin(id, more), ...facts }, writer);
  const fail = (id: string) =>
    db().execute('storage_writer', 'fail_image', { ...origin(id), ...failure }, writer);
  const reject = (id: string) =>
    db().execute('storage_writer', 'reject_image', { ...origin(id), ...failure }, writer);
  const process = (image_id: string, version = '1') => {
    const made = { processor: 'preview', processorVersion: version };
    const size = { width: 2, height: 2, bytes: 9, sha256: version.padEnd(64, 'b') };
    const variant = {
      name: 'preview',
      contentType: 'image/webp',
      path: `${image_id}/${version}`,
      ...size,
      ...made,
    };
    const parameters = { image_id, variants: [variant], facts: [], at };
    return db().execute('storage_writer', 'save_variants', parameters, writer);
  };
  const erase = (id: string) =>
    db().execute(
      'storage_writer',
      'erase_images',
      { entries: [erasedEntry(id, { kind: 'retention' })] },
      as('service:purge'),
    );
  const take = (holder = 'one', sent: readonly number[] = [], now = erasedAt) =>
    db().execute('storage_writer', 'take_outcomes', { holder, sent, at: now }, as('service:outcomes'));
  const takeAll = async () => {
    const rows = await take();
    await take(
      'one',
      rows.map(({ sequence }) => sequence),
    );
    return rows;
  };
  const told = async (id: string) =>
    (await takeAll()).filter(({ image_id }) => image_id === id).map(({ outcome, code }) => [outcome, code]);

  test('each change of an image that came by Kafka is noted once, in its order', async () => {
    const id = randomUUID();
    for (const change of [fail, fail, save, save, process, process, erase]) await change(id);
    expect(await told(id)).toEqual([
      ['failed', 'processing-timeout'],
      ['processed', null],
      ['erased', 'retention'],
    ]);
  });

  test('what was rejected says why; what is processed anew is no news', async () => {
    const [refused, again] = [randomUUID(), randomUUID()];
    await reject(refused);
    await save(again);
    await process(again, '1');
    await process(again, '2');
    const rows = await takeAll();
    const ofRefused = rows.find(({ image_id }) => image_id === refused)!;
    expect(ofRefused).toEqual({
      ...{
        sequence: ofRefused.sequence,
        image_id: refused,
        outcome: 'rejected',
        owner: 'user-1',
        at,
        epoch_at: null,
      },
      ...{ sender_source: '/shop', sender_id: 'photo-7', ...failure },
    });
    expect(rows.filter(({ image_id }) => image_id === again).map(({ outcome }) => outcome)).toEqual([
      'processed',
    ]);
  });

  test('an image that came by HTTP is asked for, not told of', async () => {
    const id = randomUUID();
    await save(id, { source: 'http', sender_source: undefined, sender_id: undefined });
    await process(id);
    await erase(id);
    expect(await told(id)).toEqual([]);
  });

  test('what cannot be told for a day after an erasure is forgotten, with the key; an image that is there waits on', async () => {
    const [erased, kept] = [randomUUID(), randomUUID()];
    for (const id of [erased, kept]) await fail(id);
    await erase(erased);
    const outcomesAfter = async (minutes: number) =>
      (await take('one', [], new Date(erasedAt.getTime() + minutes * 60_000)))
        .filter(({ image_id }) => image_id === erased || image_id === kept)
        .map(({ image_id, outcome }) => [image_id === erased ? 'erased' : 'kept', outcome]);
    expect(await outcomesAfter(24 * 60)).toEqual([
      ['erased', 'failed'],
      ['kept', 'failed'],
      ['erased', 'erased'],
    ]);
    expect(await outcomesAfter(24 * 60 + 1)).toEqual([['kept', 'failed']]);
    await takeAll();
  });

  test('one holder at a time takes them, until nothing is left or it says nothing for a minute', async () => {
    const id = randomUUID();
    await fail(id);
    const [row] = await take('one');
    expect(await take('two')).toEqual([]);
    // The same instance, started anew, goes on.
    expect(await take('one')).toEqual([row]);
    expect(await take('one', [row!.sequence])).toEqual([]);
    await process((await save(id), id));
    expect((await take('two')).map(({ outcome }) => outcome)).toEqual(['processed']);
    await erase(id);
    const rest = await take('two');
    await take(
      'two',
      rest.map(({ sequence }) => sequence),
    );
    expect(rest.map(({ outcome }) => outcome)).toEqual(['processed', 'erased']);
  });
});

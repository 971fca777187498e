import { describe, expect, test } from '@jest/globals';
import { parseProcessingMessage } from '../../../../shared/images/process/processing-message.ts';
import { makeReprocess, type ReprocessSelection } from '../../../../shared/operations/reprocess.ts';
import { systemClock } from '../../../../shared/platform/clock.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import { recordingSender } from '../../../support/sent-events.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { useImageStores } from '../../../support/image-stores.ts';

const given = useImageStores();

async function reprocess(selection: ReprocessSelection, dryRun = false) {
  const { sender, sent } = recordingSender();
  const report = await makeReprocess({
    ...{ database: given().database, events: sender, clock: systemClock, log: silentLog },
  })(selection, { dryRun });
  expect(new Set(sent.map(({ hub }) => hub)).size).toBeLessThanOrEqual(1);
  const ids = sent.map(({ event }) => parseProcessingMessage(event.value).imageId);
  return { report, ids: ids.sort(), sent };
}

let place = 0;

/** What the index has of an image's dead letter, and what became of that. */
async function indexDeadLetter(imageId: string, outcome?: string): Promise<void> {
  const { database } = given();
  const key = { partition: '0', sequence_number: (place += 1) };
  const row = {
    ...{ ...key, origin_hub: hubs.processing, origin_partition: '0', origin_offset: String(place) },
    ...{ stage: 'process', code: 'processor-failed', message: 'm', attempts: 1, image_id: imageId },
    ...{ payload_bytes: 1, claim_check: null, dead_at: new Date(), expires_at: new Date() },
  };
  const by = { actor: 'service:test' };
  await database.execute('operations', 'record_dead_letter', row, by);
  if (outcome === undefined) return;
  const replay = { ...key, reason: 'r', outcome, at: new Date() };
  await database.execute('operations', 'record_replay', replay, by);
}

describe('a reprocess', () => {
  test('sends each image that has bytes through a hub of its own, with its correlation id', async () => {
    const withBytes = [
      await given().images.make('ann', 'stored'),
      await given().images.make('ann', 'processed'),
      await given().images.make('ann', 'failed'),
    ];
    await given().images.make('ann', 'rejected');
    await given().images.make('ann', 'received');
    const { report, ids, sent } = await reprocess({});
    expect([report, ids]).toEqual([{ dryRun: false, images: 3, stopped: false }, withBytes.sort()]);
    expect(sent.map(({ hub }) => hub)).toEqual([hubs.reprocessing, hubs.reprocessing, hubs.reprocessing]);
    expect(parseProcessingMessage(sent[0]!.event.value).correlationId).toBe('c-1');
  });

  test('of named images leaves the others', async () => {
    const [one] = [await given().images.make('ann', 'stored'), await given().images.make('ann', 'stored')];
    expect((await reprocess({ ids: [one] })).ids).toEqual([one]);
    expect((await reprocess({ ids: [] })).ids).toEqual([]);
  });

  test('of what is unprocessed takes what no dead letter is of, or one that was replayed', async () => {
    const make = (status: 'stored' | 'failed') => given().images.make('ann', status);
    const lost = [await make('stored'), await make('failed'), await make('failed')];
    const [waiting, discarded] = [await make('failed'), await make('failed')];
    for (const status of ['processed', 'rejected', 'received'] as const)
      await given().images.make('ann', status);
    await indexDeadLetter(lost[2]!, 'applied');
    await indexDeadLetter(waiting);
    await indexDeadLetter(discarded, 'discarded');
    expect((await reprocess({ unprocessed: true })).ids).toEqual([...lost].sort());
  });

  test('when dry counts, and sends nothing', async () => {
    await given().images.make('ann', 'stored');
    const { report, sent } = await reprocess({}, true);
    expect([report, sent]).toEqual([{ dryRun: true, images: 1, stopped: false }, []]);
  });

  test('of a processor takes what another version of it made, be it a variant or a fact', async () => {
    const [old, present, other, never] = [
      await given().images.make('ann', 'stored'),
      await given().images.make('ann', 'stored'),
      await given().images.make('ann', 'stored'),
      await given().images.make('ann', 'stored'),
    ];
    await given().images.process(old, undefined, '1');
    await given().images.process(present, undefined, '2');
    const fact = { name: 'hash', value: 'x', processor: 'preview', processorVersion: '1' };
    for (const [imageId, processor] of [
      [other, 'preview'],
      [never, 'web'],
    ] as const) {
      const parameters = { image_id: imageId, variants: [], facts: [{ ...fact, processor }], at: new Date() };
      await given().database.execute('storage_writer', 'save_variants', parameters, {
        actor: 'service:test',
      });
    }
    const { ids, report } = await reprocess({ processor: { name: 'preview', version: '2' } });
    expect([ids, report.images]).toEqual([[old, other].sort(), 2]);
    expect((await reprocess({ processor: { name: 'nobody', version: '2' } })).ids).toEqual([]);
  });
});

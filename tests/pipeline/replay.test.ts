import { randomUUID } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { personas } from '../../infra/local/identity/personas.ts';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { makeEventSender, type EventSender } from '../../shared/stream/event-sender.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { imageReceivedEvent } from '../../shared/images/store/image-received-event.ts';
import { rawMetadata } from '../../shared/images/store/raw-metadata.ts';
import { eventually } from '../support/eventually.ts';
import { darkroom } from './support/cli.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';
import { asSuperuser } from './support/stores.ts';

interface Letter {
  readonly id: string;
  readonly imageId: string | null;
  readonly code: string;
}

interface Outcome {
  readonly id: string;
  readonly outcome: string;
}

/** The CLI starts a process for each command. */
jest.setTimeout(180_000);
const owner = personas['uploader']!.oid;
/** Its event came, its bytes did not: as after a blob account was restored to a moment too early. */
const imageId = randomUUID();
const why = 'the account was restored from the other region';

let stack: TestStack;
let events: EventSender;
let lost: Letter;
let malformed: Letter;

async function cli<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await darkroom(stack, ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

const replay = async (...words: string[]): Promise<readonly Outcome[]> =>
  (await cli<{ results: Outcome[] }>('dead-letters', 'replay', ...words, '--json')).results;

const letterWhere = (is: (letter: Letter) => boolean) =>
  eventually(async () => {
    const { deadLetters } = await cli<{ deadLetters: Letter[] }>('dead-letters', 'list', '--json');
    return deadLetters.find(is);
  });

async function putBytes(): Promise<void> {
  const bytes = await quarters(640, 480).png().toBuffer();
  const origin = { imageId, owner, source: 'http', uploadedAt: new Date(), correlationId: imageId } as const;
  await BlobServiceClient.fromConnectionString(stack.endpoints.storage)
    .getContainerClient(containers.raw)
    .getBlockBlobClient(imageId)
    .upload(bytes, bytes.length, {
      metadata: rawMetadata(origin),
      blobHTTPHeaders: { blobContentType: 'image/png' },
    });
}

beforeAll(async () => {
  stack = await startTestStack();
  events = makeEventSender({ connectionString: stack.endpoints.hubs });
  await events.send(
    hubs.stream,
    imageReceivedEvent({ imageId, owner, correlationId: imageId, at: new Date() }),
  );
  await events.send(hubs.stream, {
    key: owner,
    value: Buffer.from('{"this":"is no CloudEvent"}'),
    contentType: 'application/cloudevents+json',
  });
  expect((await stack.outcome(imageId)).status).toBe('failed');
  lost = await letterWhere((letter) => letter.imageId === imageId);
  malformed = await letterWhere(({ code }) => code === 'message-malformed');
}, startPatience);

afterAll(async () => {
  await events.close();
  await stack.stop();
}, 60_000);

describe('a dead letter', () => {
  test('would fail again while its cause is there, says a dry run, which changes nothing', async () => {
    expect(lost.code).toBe('claim-check-missing');
    expect(await replay(lost.id, malformed.id, '--dry-run')).toMatchObject([
      { id: lost.id, outcome: 'fails-again' },
      { id: malformed.id, outcome: 'fails-again' },
    ]);
    expect((await stack.outcome(imageId)).status).toBe('failed');
  });

  test('would be applied once its cause is gone, says a dry run, and the image stays failed', async () => {
    await putBytes();
    expect(await replay(lost.id, '--dry-run')).toMatchObject([{ id: lost.id, outcome: 'applied' }]);
    expect((await stack.outcome(imageId)).status).toBe('failed');
  });

  test('is not replayed without a reason', async () => {
    const { code } = await darkroom(stack, 'dead-letters', 'replay', lost.id, '--json');
    expect(code).not.toBe(0);
    expect((await stack.outcome(imageId)).status).toBe('failed');
  });

  test('that is replayed makes the image processed, and who and why are kept', async () => {
    expect(await replay('--all', '--reason', why)).toContainEqual(
      expect.objectContaining({ id: lost.id, outcome: 'applied' }),
    );
    await eventually(async () => ((await stack.outcome(imageId)).status === 'processed' ? true : undefined));
    const shown = await cli<{ replayed: object[] }>('dead-letters', 'show', lost.id);
    expect(shown.replayed).toContainEqual(
      expect.objectContaining({ actor: personas['engineering']!.oid, reason: why, outcome: 'applied' }),
    );
  });

  test('is counted, listed, discarded and exported from the command line', async () => {
    const counts = await cli<{ counts: { code: string; open: boolean }[] }>(
      'dead-letters',
      'counts',
      '--json',
    );
    expect(counts.counts).toContainEqual(expect.objectContaining({ code: 'message-malformed', open: true }));
    const filter = ['--code', 'message-malformed', '--hub', hubs.stream, '--from', '1h'];
    const open = async () =>
      (
        await cli<{ deadLetters: Letter[] }>(
          'dead-letters',
          'list',
          '--open',
          ...filter,
          '--limit',
          'all',
          '--json',
        )
      ).deadLetters;
    expect(await open()).toMatchObject([{ id: malformed.id }]);
    const discard = (...words: string[]) =>
      cli<{ outcomes: object; actor: string }>('dead-letters', 'discard', ...filter, ...words, '--json');
    expect(await discard('--dry-run')).toMatchObject({ outcomes: { discarded: 1 } });
    expect(await open()).toHaveLength(1);
    expect(await discard('--reason', 'a test of the producer')).toMatchObject({ outcomes: { discarded: 1 } });
    expect(await open()).toEqual([]);
    expect(await cli<{ runs: object[] }>('dead-letters', 'runs', '--json')).toMatchObject({
      runs: expect.arrayContaining([expect.objectContaining({ action: 'discard', state: 'done' })]),
    });
    const { stdout } = await darkroom(stack, 'dead-letters', 'export', '--code', 'message-malformed');
    expect(JSON.parse(stdout)).toMatchObject({ id: malformed.id, lastOutcome: 'discarded' });
    const none = await darkroom(stack, 'dead-letters', 'export', '--code', 'image-corrupt');
    expect(none).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await darkroom(stack, 'dead-letters', 'discard', '--reason', 'x')).code).not.toBe(0);
  });

  test('has its records in the hub, which are found, and lead to the image and back', async () => {
    interface Place {
      readonly partition: string;
      readonly sequenceNumber: number;
    }
    const look = (...words: string[]) =>
      cli<{ events: (Place & { content: object | null })[] }>('stream', 'events', ...words, '--json');
    const { events: found } = await look('image-stream', '--image', imageId, '--from', 'start');
    expect(found[0]!.content).toMatchObject({ imageId, form: 'claim-check' });
    const trace = (...words: string[]) => cli<{ images: object[] }>('stream', 'trace', ...words, '--json');
    const { partition, sequenceNumber } = found[0]!;
    const traced = {
      imageId,
      image: { status: 'processed' },
      records: [expect.objectContaining({ partition, sequenceNumber })],
    };
    expect((await trace('--record', `image-stream/${partition}/${sequenceNumber}`)).images).toMatchObject([
      traced,
    ]);
    expect((await trace('--image', imageId)).images).toMatchObject([{ imageId }]);
    const { stdout } = await darkroom(stack, 'stream', 'trace', '--image', imageId);
    expect(stdout).toContain('replayed');
  });

  test('is a duplicate when its image is processed', async () => {
    expect(await replay(lost.id, '--dry-run')).toMatchObject([{ outcome: 'duplicate' }]);
  });
});

describe('an image that is processed', () => {
  test('gets its derivatives anew on request, one set of them', async () => {
    const before = await stack.outcome(imageId);
    // As if an older version had made them: the same bytes by the same version would be no event.
    await asSuperuser(stack, (client) =>
      client.query("UPDATE imaging.image_variants SET processor_version = '0' WHERE image_id = $1", [
        imageId,
      ]),
    );
    const json = JSON.stringify({ ids: [imageId], reason: 'a new processor' });
    const headers = { 'content-type': 'application/json' };
    const asked = await stack.call('engineering', '/operations/reprocess', {
      method: 'POST',
      headers,
      body: json,
    });
    expect(asked.status).toBe(202);
    const after = await eventually(async () => {
      const image = await stack.outcome(imageId);
      return image.timeline.some(({ event }) => event === 'reprocessed') ? image : undefined;
    });
    expect(after.variants.map(({ name }) => name)).toEqual(before.variants.map(({ name }) => name));
  });

  test('is left alone by a reprocess of a processor whose version it has, which needs no ids', async () => {
    const counted = (...words: string[]) =>
      cli<{ dryRun: boolean; images: number }>('reprocess', ...words, '--dry-run', '--json');
    expect(await counted('--processor', 'web')).toEqual({ dryRun: true, images: 0, stopped: false });
    const { stdout } = await darkroom(stack, 'reprocess', '--processor', 'web', '--dry-run');
    expect(stdout).toContain('a new processor takes --all');
    expect(await counted('--all')).toEqual({ dryRun: true, images: 1, stopped: false });
  });

  test('takes its dead letters with it when it is erased, so that none brings it back', async () => {
    const deleted = await stack.call('uploader', `/images/${imageId}`, { method: 'DELETE' });
    expect(deleted.status).toBe(200);
    const words = ['dead-letters', 'replay', lost.id, '--reason', why, '--json'];
    const { code, stdout } = await darkroom(stack, ...words);
    expect({ code, answer: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 1,
      answer: { error: { code: 'not-found' } },
    });
    expect((await stack.call('engineering', `/images/${imageId}`)).status).toBe(410);
  });
});

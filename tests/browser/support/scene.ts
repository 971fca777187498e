import { landscape } from '../../../infra/local/environment.ts';
import { personas } from '../../../infra/local/identity/personas.ts';
import { recordsFor } from '../../../client/image-records.ts';
import { openKafkaClient } from '../../pipeline/support/kafka-client.ts';
import type { TestStack } from '../../pipeline/support/stack.ts';
import { eventually } from '../../support/eventually.ts';

const contentType = 'image/jpeg';
const owner = personas['uploader']!.oid;

/** Shapes of pictures, so that the gallery has upright ones and wide ones. */
const shapes = [
  [1800, 1200],
  [1200, 1600],
  [1600, 900],
  [1500, 1500],
] as const;

export async function photo(seed: number): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = shapes[seed % shapes.length]!;
  return new Uint8Array(await landscape(width, height, seed).jpeg({ quality: 88 }).toBuffer());
}

async function upload(stack: TestStack, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const headers = { 'content-type': contentType };
  const response = await stack.call('uploader', '/images', { method: 'POST', headers, body });
  const { images } = (await response.json()) as { images: { id: string }[] };
  return images[0]!.id;
}

export interface Scene {
  /** A good image, and one whose end is missing. */
  readonly image: string;
  readonly rejected: string;
  readonly letter: string;
}

/** A day in the company: photos through both doors, one that is no photo, one erased, letters that are dead, an export. */
export async function setScene(stack: TestStack): Promise<Scene> {
  const kafka = await openKafkaClient(stack);
  const malformed = { 'content-type': 'application/cloudevents+json' };
  await kafka.send([{ key: 'somebody', value: Buffer.from('{"person":"somebody"}'), headers: malformed }]);
  const ids: string[] = [];
  for (let seed = 1; seed <= 20; seed += 1) {
    const bytes = await photo(seed);
    if (seed % 4 === 0) {
      const { imageId, records } = recordsFor('binary', { owner, contentType, bytes: Buffer.from(bytes) });
      await kafka.send(records);
      ids.push(imageId!);
    } else {
      ids.push(await upload(stack, bytes));
    }
  }
  const rejected = await upload(stack, (await photo(21)).slice(0, 9000));
  for (const id of [...ids, rejected]) await stack.outcome(id);
  await stack.call('uploader', `/images/${ids[0]}`, { method: 'DELETE' });
  const json = { 'content-type': 'application/json' };
  await stack.call('engineering', '/operations/exports', { method: 'POST', headers: json, body: '{}' });
  const letter = await eventually(
    async () => {
      const response = await stack.call('engineering', '/operations/dead-letters');
      const { deadLetters } = (await response.json()) as { deadLetters: { id: string; code: string }[] };
      return deadLetters.find(({ code }) => code === 'message-malformed')?.id;
    },
    { within: 60_000, every: 300 },
  );
  await kafka.close();
  return { image: ids[8]!, rejected, letter };
}

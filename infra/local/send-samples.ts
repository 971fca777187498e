import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Connection } from '../../client/connection.ts';
import { openImageProducer, type ImageProducer } from '../../client/image-producer.ts';
import type { ImageDetail } from '../../client/api-types.ts';
import { waitForImage } from '../../client/wait-for-image.ts';
import { mediaTypeOf } from '../../shared/platform/media-types.ts';
import { defaultChunkBytes, recordsFor, type Form } from '../../client/image-records.ts';
import { uploadFile } from '../../client/upload-file.ts';
import { personas } from './identity/personas.ts';

export interface Arrival {
  readonly file: string;
  readonly id: string;
  /** `http`, or `kafka` with the form of the record. */
  readonly source: string;
  readonly image: ImageDetail | undefined;
  /** From the acknowledgement to the end of processing. */
  readonly milliseconds: number;
}

interface Sent {
  readonly file: string;
  readonly id: string;
  readonly source: string;
  readonly acknowledged: number;
}

/** How long an image may take before it counts as lost. */
const timeoutMs = 120_000;
const forms: readonly Form[] = ['binary', 'structured', 'chunked'];
/** Base64 and JSON around an image make it a third larger. */
const structuredLimit = 650_000;

function formFor(turn: number, bytes: number): Form {
  if (bytes > defaultChunkBytes) return 'chunked';
  const form = forms[turn % forms.length]!;
  return form === 'structured' && bytes > structuredLimit ? 'binary' : form;
}

async function sendHttp(connection: Connection, file: string): Promise<Sent> {
  const { id } = await uploadFile(connection, file);
  return { file, id, source: 'http', acknowledged: performance.now() };
}

async function sendKafka(producer: ImageProducer, file: string, turn: number): Promise<Sent> {
  const bytes = await readFile(file);
  const form = formFor(turn, bytes.length);
  const owner = personas['uploader']!.oid;
  const { imageId, records } = recordsFor(form, { owner, contentType: mediaTypeOf(file), bytes });
  await producer.send(records);
  return { file, id: imageId!, source: `kafka ${form}`, acknowledged: performance.now() };
}

/** Sends files through HTTP and Kafka in turn, and waits for what becomes of them. */
export async function sendSamples(connection: Connection, files: readonly string[]): Promise<Arrival[]> {
  const producer = openImageProducer(connection.kafka());
  try {
    const arrivals: Promise<Arrival>[] = [];
    for (const [index, file] of files.entries()) {
      const sent =
        index % 2 === 0 ? await sendHttp(connection, file) : await sendKafka(producer, file, (index - 1) / 2);
      const arrival = waitForImage(connection, sent.id, { timeoutMs: timeoutMs }).then((image) => ({
        file: basename(sent.file),
        id: sent.id,
        source: sent.source,
        image,
        milliseconds: Math.round(performance.now() - sent.acknowledged),
      }));
      arrival.catch(() => undefined);
      arrivals.push(arrival);
    }
    return await Promise.all(arrivals);
  } finally {
    await producer.close();
  }
}

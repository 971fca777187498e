import { randomUUID } from 'node:crypto';
import { recordsFor } from '../../../client/image-records.ts';
import { waitForImage } from '../../../client/wait-for-image.ts';
import { personas } from '../../../infra/local/identity/personas.ts';
import { openKafkaClient } from '../../pipeline/support/kafka-client.ts';
import { sampleImage } from '../../support/sample-images.ts';
import { openSources, sha256, type Picture } from '../kill/sources.ts';
import type { StackProcess } from '../kill/stack-process.ts';
import { fileTraces, idTraces, nameTraces, ownerTraces, type Trace } from './traces.ts';

export const owner = personas['uploader']!.oid;

let seed = 0;
const picture = async (): Promise<Picture> => {
  seed += 1;
  const bytes = await sampleImage('png', 200, 150, seed);
  return { bytes, sha256: sha256(bytes), key: randomUUID() };
};

const tracesOf = (of: string, { bytes, key }: Picture, id: string | undefined): Trace[] => [
  ...fileTraces('bytes', of, bytes),
  ...nameTraces(of, key),
  ...(id === undefined ? [] : idTraces(of, id)),
];

async function thumbnail({ connection }: StackProcess, id: string): Promise<Buffer> {
  const answer = await fetch(`${connection.api}/api/images/${id}/thumbnail`, {
    headers: { authorization: `Bearer ${await connection.token('uploader')}` },
  });
  if (!answer.ok) throw new Error(`The thumbnail of ${id} answered ${answer.status}.`);
  return Buffer.from(await answer.arrayBuffer());
}

/** One picture, or what a call takes, by each source; all are processed when this resolves. */
export async function sendBySources(stack: StackProcess): Promise<{ ids: string[]; traces: Trace[] }> {
  const sources = await openSources(stack);
  const [ids, traces]: [string[], Trace[]] = [[], ownerTraces('all', owner)];
  try {
    for (const source of sources) {
      const pictures = await Promise.all(Array.from({ length: source.batch }, picture));
      const sent = await source.send(pictures, () => undefined);
      for (const [index, one] of pictures.entries()) {
        const id = sent[index];
        traces.push(...tracesOf(source.name, one, id));
        if (id === undefined) continue;
        const image = await waitForImage(stack.connection, id, { timeoutMs: 60_000 });
        if (image?.status !== 'processed')
          throw new Error(`${source.name}: ${id} is ${image?.status ?? 'unknown'}.`);
        ids.push(id);
        traces.push(...fileTraces('thumbnail', source.name, await thumbnail(stack, id)));
      }
    }
  } finally {
    await Promise.allSettled(sources.map(async (source) => source.close?.()));
  }
  return { ids, traces };
}

/** What does not end well: dead letters, a set of chunks that stays incomplete, an upload that nobody finishes, no image at all. */
export async function sendFailures(stack: StackProcess): Promise<{ dead: string; traces: Trace[] }> {
  const client = await openKafkaClient({ endpoints: stack.record });
  try {
    const [damaged, incomplete, unfinished] = [await picture(), await picture(), await picture()];
    const recordOf = (as: 'binary' | 'chunked', { bytes, key }: Picture) =>
      recordsFor(as, { owner, contentType: 'image/png', bytes, eventId: key, chunkBytes: 4_000 });
    const broken = recordOf('binary', damaged);
    await client.send(
      broken.records.map((one) => ({ ...one, headers: { ...one.headers, sha256: '0'.repeat(64) } })),
    );
    const set = recordOf('chunked', incomplete);
    await client.send(set.records.slice(0, 1));
    const text = Buffer.from(`This is no image. ${randomUUID()} ${randomUUID()}`);
    const garbage = { bytes: text, sha256: sha256(text), key: randomUUID() };
    const none = recordOf('binary', garbage);
    await client.send(none.records);
    const upload = await beginUpload(stack, unfinished);
    return {
      dead: broken.imageId!,
      traces: [
        ...tracesOf('a dead letter', damaged, broken.imageId),
        // Of a set, only the piece that was sent.
        ...tracesOf(
          'an incomplete set',
          { ...incomplete, bytes: incomplete.bytes.subarray(0, 4_000) },
          set.imageId,
        ),
        ...tracesOf('what is no image', garbage, none.imageId),
        ...tracesOf(
          'an unfinished upload',
          { ...unfinished, bytes: unfinished.bytes.subarray(0, 5_000) },
          upload,
        ),
      ],
    };
  } finally {
    await client.close();
  }
}

async function beginUpload({ connection }: StackProcess, { bytes, key }: Picture): Promise<string> {
  const headers = {
    authorization: `Bearer ${await connection.token('uploader')}`,
    'tus-resumable': '1.0.0',
  };
  const begun = await fetch(`${connection.api}/api/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${Buffer.from(`${key}.png`).toString('base64')}`,
    },
  });
  const url = begun.headers.get('location');
  if (begun.status !== 201 || url === null) throw new Error(`The upload answered ${begun.status}.`);
  const patched = await fetch(new URL(url, connection.api), {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: Uint8Array.from(bytes.subarray(0, 5_000)),
  });
  if (patched.status !== 204) throw new Error(`The piece answered ${patched.status}.`);
  return url.split('/').at(-1)!;
}

import type { Call, Reply, State } from './state.ts';

/** Blob storage as a deployment uses it: by token only, with a version in every request. */
export function blobs(state: State, call: Call): Reply {
  if (call.headers['x-ms-version'] === undefined) return { status: 400 };
  const name = `${call.host.split('.')[0] ?? ''}${call.path}`;
  if (call.method === 'PUT') {
    if (call.headers['x-ms-blob-type'] !== 'BlockBlob') return { status: 400 };
    state.blobs.set(name, {
      bytes: call.body,
      type: call.headers['content-type'],
      cache: call.headers['x-ms-blob-cache-control'],
    });
    return { status: 201 };
  }
  const blob = state.blobs.get(name);
  if (!blob)
    return {
      status: 404,
      type: 'application/xml',
      bytes: Buffer.from('<Error><Code>BlobNotFound</Code></Error>'),
    };
  if (call.method === 'DELETE') {
    state.blobs.delete(name);
    return { status: 202 };
  }
  return { status: 200, bytes: blob.bytes, type: blob.type ?? 'application/octet-stream' };
}

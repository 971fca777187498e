import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import type { UploadDependencies } from './dependencies.ts';
import { makeEndUpload } from './end-upload.ts';
import { uploadLimits } from './limits.ts';
import type { UploadState } from './state.ts';
import type { NewUpload, Uploads } from './uploads.ts';
import { makeWriteUpload } from './write-upload.ts';

/** A final upload is no burden: it is joined within its request, from partial ones that count. */
const isCounted = ({ concatenation }: NewUpload): boolean => concatenation?.kind !== 'final';

export function makeCreateUpload(dependencies: UploadDependencies): Uploads['create'] {
  const { states, open, clock, maxBytes } = dependencies;
  const [write, end] = [makeWriteUpload(dependencies), makeEndUpload(dependencies)];

  const free = ({ owner, id }: NewUpload) => atStore('counting uploads', () => open.free(owner, id));

  async function begin(upload: NewUpload): Promise<UploadState> {
    const now = clock.now();
    const expiresAt = new Date(now.getTime() + uploadLimits.lifetimeMs).toISOString();
    const state: UploadState = {
      version: 1,
      ...upload,
      offset: 0,
      runs: [],
      contentType: null,
      firstBytes: '',
      status: upload.length === 0 ? 'complete' : 'open',
      createdAt: now.toISOString(),
      expiresAt,
    };
    if (isCounted(upload)) {
      const entry = { id: upload.id, bytes: upload.length ?? maxBytes, expiresAt };
      await atStore('counting uploads', () => open.reserve(upload.owner, entry, now));
    }
    if ((await atStore('starting an upload', () => states.create(state))) === 'created') return state;
    return (await atStore('finding an upload', () => states.read(upload.owner, upload.id))) ?? state;
  }

  /** Nobody was told its address, so nobody could end it. */
  async function forget(upload: NewUpload): Promise<void> {
    try {
      await end(upload.owner, upload.id);
    } catch (error) {
      if (!(error instanceof DarkroomError)) throw error;
      await free(upload);
    }
  }

  return async (upload, incoming) => {
    try {
      const state = await begin(upload);
      const isWhole = isCounted(upload) && state.status === 'complete';
      if (incoming === undefined && !isWhole) return state;
      return await write(
        upload.owner,
        upload.id,
        { offset: 0 },
        incoming ?? { body: ReadableStream.from([]) },
      );
    } catch (error) {
      if (!(error instanceof DarkroomError && error.code === 'rate-limited') && isCounted(upload))
        await forget(upload);
      throw asOfCreation(error);
    }
  };
}

/** There is no offset to go on from. */
const asOfCreation = (error: unknown): unknown =>
  error instanceof DarkroomError && error.code === 'upload-interrupted'
    ? new DarkroomError('invalid-request', 'The body ended before its length: start the upload again.', {
        cause: error,
      })
    : error;

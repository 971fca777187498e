import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import type { UploadDependencies } from './dependencies.ts';
import { uploadLimits } from './limits.ts';
import type { UploadState } from './state.ts';
import type { Uploads } from './uploads.ts';

export function makeCreateUpload({
  states,
  clock,
}: Pick<UploadDependencies, 'states' | 'clock'>): Uploads['create'] {
  const { maxOpenUploads, lifetimeMs } = uploadLimits;

  async function checkOpen(owner: string): Promise<void> {
    const open = await atStore('counting uploads', () => states.countOpen(owner, maxOpenUploads));
    if (open < maxOpenUploads) return;
    throw new DarkroomError(
      'rate-limited',
      `You have ${open} unfinished uploads: finish or end one of them first.`,
    );
  }

  return async (upload) => {
    await checkOpen(upload.owner);
    const now = clock.now();
    const state: UploadState = {
      version: 1,
      ...upload,
      offset: 0,
      runs: [],
      contentType: null,
      status: upload.length === 0 ? 'complete' : 'open',
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + lifetimeMs).toISOString(),
    };
    if ((await atStore('starting an upload', () => states.create(state))) === 'created') return state;
    return (await atStore('finding an upload', () => states.read(upload.owner, upload.id))) ?? state;
  };
}

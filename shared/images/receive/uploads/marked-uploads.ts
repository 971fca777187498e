import type { Uploads } from './uploads.ts';

/** Resumable uploads of which the sweep hears: what is begun and not finished has to end some day. */
export const markedUploads = (uploads: Uploads, mark: () => Promise<void>): Uploads => ({
  ...uploads,
  async create(...given) {
    await mark();
    return uploads.create(...given);
  },
  async write(...given) {
    await mark();
    return uploads.write(...given);
  },
  async join(...given) {
    await mark();
    return uploads.join(...given);
  },
});

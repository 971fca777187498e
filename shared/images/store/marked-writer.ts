import type { StorageWriter } from './ports.ts';

/** A storage writer of whose bytes the sweep hears, before there is a row that speaks of them. */
export const markedWriter = (storage: StorageWriter, mark: () => Promise<void>): StorageWriter => ({
  ...storage,
  async storeRaw(...given) {
    await mark();
    return storage.storeRaw(...given);
  },
  async stageChunk(...given) {
    await mark();
    return storage.stageChunk(...given);
  },
  async commitChunks(...given) {
    await mark();
    return storage.commitChunks(...given);
  },
  async storeDeadLetterPayload(...given) {
    await mark();
    return storage.storeDeadLetterPayload(...given);
  },
});

import type { BlobServiceClient } from '@azure/storage-blob';
import { containers } from './containers.ts';
import { atStore, isMissing } from './failures.ts';
import { readBlobText } from './read-blob.ts';
import type { ActivityStore, Mark } from '../activity/activity.ts';

/** Without an answer by then, the database is asked, and a change goes on without its mark. Milliseconds. */
const timeoutMs = 5_000;

const markName = 'changed';
const answerName = (name: string): string => `answers/${name}.json`;

/** An empty blob whose entity tag and time are the mark, and a small blob for each answer. */
export function makeActivityStore(service: BlobServiceClient): ActivityStore {
  const container = service.getContainerClient(containers.activity);
  const soon = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });

  async function put(name: string, text: string): Promise<void> {
    await container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), soon());
  }

  async function mark(): Promise<Mark | undefined> {
    try {
      const { etag, date, lastModified } = await container.getBlobClient(markName).getProperties(soon());
      if (etag === undefined || date === undefined || lastModified === undefined) return undefined;
      return { version: etag, ageMs: date.getTime() - lastModified.getTime() };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Undefined also when somebody else wrote what is there. */
  async function answer(name: string): Promise<unknown> {
    const text = await readBlobText(container.getBlobClient(answerName(name)), soon());
    try {
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    } catch {
      return undefined;
    }
  }

  return {
    leaveMark: () => atStore('leaving a mark', () => put(markName, '')),
    readMark: () => atStore('reading a mark', mark),
    readAnswer: (name) => atStore('reading an answer', () => answer(name)),
    writeAnswer: (name, value) =>
      atStore('keeping an answer', () => put(answerName(name), JSON.stringify(value))),
  };
}

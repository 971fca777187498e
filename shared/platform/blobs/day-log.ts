import type { ContainerClient } from '@azure/storage-blob';
import { day } from '../clock.ts';
import { atStore, isMissing } from './failures.ts';
import { readBlobText } from './read-blob.ts';

/** Lines of JSON, an append blob for each day (UTC): instances add to it side by side, one call a line. */
export interface DayLog {
  /** A line may be there twice when the answer of the store was lost. */
  add(at: Date, line: unknown): Promise<void>;
  /** What was added on the day of `from` and later, oldest day first. Whoever reads checks what the lines are. */
  since(from: Date): Promise<unknown[]>;
}

const nameOf = (at: Date): string => `${at.toISOString().slice(0, 10)}.jsonl`;

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** Days that are more than `keptDays` old are deleted when another begins. */
export function makeDayLog(container: ContainerClient, prefix: string, keptDays: number): DayLog {
  async function names(): Promise<string[]> {
    const found: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix })) found.push(name);
    return found.sort();
  }

  async function read(name: string): Promise<unknown[]> {
    const text = await readBlobText(container.getBlobClient(name));
    return text?.split('\n').flatMap(parsed) ?? [];
  }

  async function begin(at: Date): Promise<void> {
    await container.getAppendBlobClient(prefix + nameOf(at)).createIfNotExists();
    const oldest = prefix + nameOf(new Date(at.getTime() - keptDays * day));
    const over = (await names()).filter((name) => name < oldest);
    await Promise.all(over.map((name) => container.getBlobClient(name).deleteIfExists()));
  }

  return {
    add: (at, line) =>
      atStore('adding to a log', async () => {
        const blob = container.getAppendBlobClient(prefix + nameOf(at));
        const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
        try {
          await blob.appendBlock(bytes, bytes.byteLength);
        } catch (error) {
          if (!isMissing(error)) throw error;
          await begin(at);
          await blob.appendBlock(bytes, bytes.byteLength);
        }
      }),
    since: (from) =>
      atStore('reading a log', async () => {
        const wanted = (await names()).filter((name) => name >= prefix + nameOf(from));
        return (await Promise.all(wanted.map(read))).flat();
      }),
  };
}

import { BlobServiceClient } from '@azure/storage-blob';
import { readBlobText } from '../../../../shared/platform/blobs/read-blob.ts';

export interface ScheduleStatus {
  readonly Last: string;
  readonly Next: string;
  readonly LastUpdated: string;
}

/** Remembers over restarts when a timer ran and was due, in the blobs that the real host uses. */
export interface ScheduleMonitor {
  read(functionName: string): Promise<ScheduleStatus | undefined>;
  write(functionName: string, status: ScheduleStatus): Promise<void>;
}

export async function openScheduleMonitor(hostStorage: string): Promise<ScheduleMonitor> {
  const container =
    BlobServiceClient.fromConnectionString(hostStorage).getContainerClient('azure-webjobs-hosts');
  await container.createIfNotExists();
  const blobFor = (name: string) =>
    container.getBlockBlobClient(`timers/darkroom/Host.Functions.${name}/status`);
  return {
    async read(name) {
      const text = await readBlobText(blobFor(name));
      return text === undefined ? undefined : (JSON.parse(text) as ScheduleStatus);
    },
    async write(name, status) {
      const body = JSON.stringify(status);
      await blobFor(name).upload(body, Buffer.byteLength(body));
    },
  };
}

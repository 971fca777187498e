import { BlobServiceClient, RestError } from '@azure/storage-blob';

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
      try {
        return JSON.parse((await blobFor(name).downloadToBuffer()).toString('utf8')) as ScheduleStatus;
      } catch (error) {
        if (error instanceof RestError && error.statusCode === 404) return undefined;
        throw error;
      }
    },
    async write(name, status) {
      const body = JSON.stringify(status);
      await blobFor(name).upload(body, Buffer.byteLength(body));
    },
  };
}

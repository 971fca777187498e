import type { BlobServiceClient } from '@azure/storage-blob';
import { containers, type Container } from './containers.ts';

/** Throws unless the account answers and has the container. */
export async function probeBlobs(
  service: BlobServiceClient,
  container: Container = containers.raw,
): Promise<void> {
  if (!(await service.getContainerClient(container).exists())) {
    throw new Error(`There is no container ${container}.`);
  }
}

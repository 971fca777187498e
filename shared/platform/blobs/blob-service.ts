import { BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { credentialOf } from '../credential.ts';

/** Tries span a failover of a storage stamp's front end; what is away for longer is `unavailable` to the caller. */
const pipeline: StoragePipelineOptions = {
  retryOptions: { maxTries: 4, retryDelayInMs: 200, maxRetryDelayInMs: 5_000, tryTimeoutInMs: 60_000 },
};

const isConnectionString = (account: string): boolean =>
  /^UseDevelopmentStorage=true/i.test(account) || /(^|;)\s*(AccountName|BlobEndpoint)=/i.test(account);

/**
 * A client for a blob account, given as its URL (signed in to by the managed identity with `clientId`, or by the
 * default credential) or as a connection string.
 */
export function blobService(account: string, clientId?: string): BlobServiceClient {
  return isConnectionString(account)
    ? BlobServiceClient.fromConnectionString(account, pipeline)
    : new BlobServiceClient(account, credentialOf(clientId), pipeline);
}

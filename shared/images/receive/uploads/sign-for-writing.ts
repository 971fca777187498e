import {
  BlobSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
  type BlobServiceClient,
  type BlockBlobClient,
} from '@azure/storage-blob';

/** Clocks of clients and the store may differ by this. Milliseconds. */
const skewMs = 5 * 60_000;

/**
 * The address of one blob, signed for writing only, until `expiresAt`. Signed with a user delegation key, so that it ends with the
 * identity's rights; with the account key where the service was opened with one (the emulator).
 */
export async function signForWriting(
  service: BlobServiceClient,
  blob: BlockBlobClient,
  expiresAt: Date,
): Promise<string> {
  const startsOn = new Date(Date.now() - skewMs);
  const values = {
    containerName: blob.containerName,
    blobName: blob.name,
    permissions: BlobSASPermissions.from({ create: true, write: true }),
    startsOn,
    expiresOn: expiresAt,
  };
  const signed =
    service.credential instanceof StorageSharedKeyCredential
      ? generateBlobSASQueryParameters(values, service.credential)
      : generateBlobSASQueryParameters(
          { ...values, protocol: SASProtocol.Https },
          await service.getUserDelegationKey(startsOn, expiresAt),
          service.accountName,
        );
  return `${blob.url}?${signed.toString()}`;
}

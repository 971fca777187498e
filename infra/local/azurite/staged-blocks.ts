import { azuriteModule, type Loki } from './loki.ts';

interface Blob {
  readonly accountName: string;
  readonly containerName: string;
  readonly name: string;
}

interface Store {
  readonly db: Loki;
  readonly BLOBS_COLLECTION: string;
  readonly BLOCKS_COLLECTION: string;
  createBlob: (this: Store, context: unknown, blob: Blob, ...conditions: unknown[]) => Promise<unknown>;
  deleteBlob: (
    this: Store,
    context: { readonly contextId?: string },
    account: string,
    container: string,
    blob: string,
    options: unknown,
  ) => Promise<void>;
}

interface Errors {
  getBlobNotFound(contextId?: string): Error;
}

/**
 * Staged blocks as on Azure, so that what drops them is seen to do so. A blob that is put whole drops those that were never committed (Put
 * Block, "Remarks"); Azurite keeps them for ever. A blob that has nothing else is none to a delete; Azurite deletes it, and keeps its blocks.
 */
export function stagedBlocksAsOnAzure(): void {
  const { default: store } = azuriteModule('dist/src/blob/persistence/LokiBlobMetadataStore') as {
    default: { prototype: Store };
  };
  const { default: errors } = azuriteModule('dist/src/blob/errors/StorageErrorFactory') as {
    default: Errors;
  };
  const { createBlob, deleteBlob } = store.prototype;
  store.prototype.createBlob = async function (context, blob, ...conditions) {
    const created = await createBlob.call(this, context, blob, ...conditions);
    const { accountName, containerName, name } = blob;
    this.db
      .getCollection(this.BLOCKS_COLLECTION)
      ?.findAndRemove({ accountName, containerName, blobName: name });
    return created;
  };
  store.prototype.deleteBlob = async function (context, account, container, blob, options) {
    const staged = { accountName: account, containerName: container, name: blob, isCommitted: false };
    const found = this.db.getCollection(this.BLOBS_COLLECTION)?.find(staged) ?? [];
    if (found.length > 0) throw errors.getBlobNotFound(context.contextId);
    await deleteBlob.call(this, context, account, container, blob, options);
  };
}

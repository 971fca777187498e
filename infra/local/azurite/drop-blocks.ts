import { azuriteModule, type Loki } from './loki.ts';

interface Blob {
  readonly accountName: string;
  readonly containerName: string;
  readonly name: string;
}

interface Store {
  readonly db: Loki;
  readonly BLOCKS_COLLECTION: string;
  createBlob: (this: Store, context: unknown, blob: Blob, ...conditions: unknown[]) => Promise<unknown>;
}

/**
 * A blob that is put whole drops the blocks that were staged for it and never committed, as on Azure (Put Block, "Remarks").
 * Azurite keeps them for ever, and with them what `discardBlocks` is there to drop.
 */
export function dropBlocks(): void {
  const { default: store } = azuriteModule('dist/src/blob/persistence/LokiBlobMetadataStore') as {
    default: { prototype: Store };
  };
  const { createBlob } = store.prototype;
  store.prototype.createBlob = async function (context, blob, ...conditions) {
    const created = await createBlob.call(this, context, blob, ...conditions);
    const { accountName, containerName, name } = blob;
    this.db
      .getCollection(this.BLOCKS_COLLECTION)
      ?.findAndRemove({ accountName, containerName, blobName: name });
    return created;
  };
}

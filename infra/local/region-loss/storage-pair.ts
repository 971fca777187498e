import pLimit from 'p-limit';
import { BlobServiceClient, type BlobItem, type ContainerClient } from '@azure/storage-blob';
import { containers } from '../../../shared/platform/blobs/containers.ts';

/** A blob as far as a copy has to be the same: where it is, how long it is, what is in it. */
export type Blobs = ReadonlyMap<string, string>;

const stateOf = ({ properties, metadata }: BlobItem): string =>
  JSON.stringify([
    properties.contentLength,
    Buffer.from(properties.contentMD5 ?? []).toString('hex'),
    metadata,
  ]);

async function* committed(container: ContainerClient): AsyncGenerator<BlobItem> {
  yield* container.listBlobsFlat({ includeMetadata: true });
}

/** Every committed blob of an account, as `container/name`. */
async function blobsOf(service: BlobServiceClient): Promise<Blobs> {
  const found = new Map<string, string>();
  for (const name of Object.values(containers))
    for await (const blob of committed(service.getContainerClient(name)))
      found.set(`${name}/${blob.name}`, stateOf(blob));
  return found;
}

/**
 * What geo-redundant storage does for the account: each change is copied to the pair a while after it was acknowledged,
 * in no order between blobs. A blob that is held back stays where it was written.
 */
export class StoragePair {
  readonly #from: BlobServiceClient;
  readonly #to: BlobServiceClient;
  readonly #heldBack = new Set<string>();

  constructor(from: string, to: string) {
    this.#from = BlobServiceClient.fromConnectionString(from);
    this.#to = BlobServiceClient.fromConnectionString(to);
  }

  /** Nothing of these images is copied any more. */
  holdBack(imageIds: readonly string[]): void {
    for (const id of imageIds) this.#heldBack.add(id);
  }

  #isHeldBack(blob: string): boolean {
    return [...this.#heldBack].some((id) => blob.includes(id));
  }

  async #copy(blob: string): Promise<void> {
    const [container = '', ...rest] = blob.split('/');
    const source = this.#from.getContainerClient(container).getBlobClient(rest.join('/'));
    const { metadata, contentType } = await source.getProperties();
    const bytes = await source.downloadToBuffer();
    const target = this.#to.getContainerClient(container).getBlockBlobClient(rest.join('/'));
    await target.uploadData(bytes, {
      ...(metadata && { metadata }),
      blobHTTPHeaders: { ...(contentType !== undefined && { blobContentType: contentType }) },
    });
  }

  /** What the first of the two holds. */
  blobs(): Promise<Blobs> {
    return blobsOf(this.#from);
  }

  /** Copies what differs, until nothing does; answers what the pair then holds. */
  async sync(): Promise<Blobs> {
    const [here, there] = await Promise.all([blobsOf(this.#from), blobsOf(this.#to)]);
    const changed = [...here].filter(([blob, state]) => there.get(blob) !== state && !this.#isHeldBack(blob));
    const limit = pLimit(8);
    await Promise.all(changed.map(([blob]) => limit(() => this.#copy(blob))));
    for (const blob of there.keys())
      if (!here.has(blob) && !this.#isHeldBack(blob)) {
        const [container = '', ...rest] = blob.split('/');
        await this.#to.getContainerClient(container).deleteBlob(rest.join('/'));
      }
    return blobsOf(this.#to);
  }
}

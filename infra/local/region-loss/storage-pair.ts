import pLimit from 'p-limit';
import { BlobServiceClient, type BlobItem, type ContainerClient } from '@azure/storage-blob';
import { containers, ledgerContainer } from '../../../shared/platform/blobs/containers.ts';

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

/** Connection strings: of the images' account, and of the ledger's. */
export interface Accounts {
  readonly storage: string;
  readonly ledger: string;
}

/** The containers of both accounts, by name. */
function containersOf({ storage, ledger }: Accounts): ReadonlyMap<string, ContainerClient> {
  const [images, log] = [storage, ledger].map((address) => BlobServiceClient.fromConnectionString(address));
  return new Map([
    ...Object.values(containers).map((name) => [name, images!.getContainerClient(name)] as const),
    [ledgerContainer, log!.getContainerClient(ledgerContainer)],
  ]);
}

/** Every committed blob, as `container/name`. */
async function blobsOf(all: ReadonlyMap<string, ContainerClient>): Promise<Blobs> {
  const found = new Map<string, string>();
  for (const [name, container] of all)
    for await (const blob of committed(container)) found.set(`${name}/${blob.name}`, stateOf(blob));
  return found;
}

function blobAt(all: ReadonlyMap<string, ContainerClient>, blob: string) {
  const [container = '', ...rest] = blob.split('/');
  return all.get(container)!.getBlockBlobClient(rest.join('/'));
}

/**
 * What geo-redundant storage does for both accounts: each change is copied to the pair a while after it was acknowledged,
 * in no order between blobs. A blob that is held back stays where it was written.
 */
export class StoragePair {
  readonly #from: ReadonlyMap<string, ContainerClient>;
  readonly #to: ReadonlyMap<string, ContainerClient>;
  readonly #heldBack = new Set<string>();

  constructor(from: Accounts, to: Accounts) {
    this.#from = containersOf(from);
    this.#to = containersOf(to);
  }

  /** Nothing whose name holds one of these is copied any more. */
  holdBack(parts: readonly string[]): void {
    for (const part of parts) this.#heldBack.add(part);
  }

  #isHeldBack(blob: string): boolean {
    return [...this.#heldBack].some((part) => blob.includes(part));
  }

  async #copy(blob: string): Promise<void> {
    const source = blobAt(this.#from, blob);
    const { metadata, contentType } = await source.getProperties();
    const bytes = await source.downloadToBuffer();
    await blobAt(this.#to, blob).uploadData(bytes, {
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
      if (!here.has(blob) && !this.#isHeldBack(blob)) await blobAt(this.#to, blob).delete();
    return blobsOf(this.#to);
  }
}

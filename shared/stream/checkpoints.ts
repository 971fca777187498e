import type { BlobItem, BlobServiceClient } from '@azure/storage-blob';

/** How far a consumer group has come in one partition, as its host noted it. */
export interface CheckpointState {
  /** Of the last event that was settled; undefined when none was. */
  readonly sequenceNumber: number | undefined;
  readonly checkpointAt: Date | undefined;
  /** When a host last said that it reads this partition; undefined when none does. */
  readonly ownedAt: Date | undefined;
}

export interface CheckpointReader {
  /** By partition id. Throws when no account answers. */
  read(namespace: string, hub: string, group: string): Promise<ReadonlyMap<string, CheckpointState>>;
}

/** Where the Event Hubs extension of the Functions host keeps them. */
export const checkpointContainer = 'azure-webjobs-eventhub';

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);

function stateOf({ checkpoint, ownership }: Noted): CheckpointState {
  const owner = ownership?.metadata?.['ownerid'] ?? '';
  return {
    sequenceNumber: numberOf(checkpoint?.metadata?.['sequencenumber']),
    checkpointAt: checkpoint?.properties.lastModified,
    ownedAt: owner === '' ? undefined : ownership?.properties.lastModified,
  };
}

/** What the host of one region wrote of a partition. */
interface Noted {
  readonly checkpoint?: BlobItem;
  readonly ownership?: BlobItem;
}

const writtenAt = ({ checkpoint, ownership }: Noted): number =>
  Math.max(...[checkpoint, ownership].map((item) => item?.properties.lastModified.getTime() ?? -Infinity));

/** A page waits for it. Milliseconds. */
const defaultTimeoutMs = 8_000;

/**
 * Checkpoints in the storage accounts of the function hosts. A pair of regions has two of each, and the hubs of each region
 * count from 0: what holds is what was written last, which is what the region that works writes. An account that does not
 * answer in time is passed over while another does.
 */
export function makeCheckpointReader(
  accounts: readonly BlobServiceClient[],
  timeoutMs = defaultTimeoutMs,
): CheckpointReader {
  async function readAccount(account: BlobServiceClient, prefix: string) {
    const partitions = new Map<string, Noted>();
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const listing = account
      .getContainerClient(checkpointContainer)
      .listBlobsFlat({ prefix, includeMetadata: true, abortSignal });
    for await (const item of listing) {
      const [kind = '', partition = ''] = item.name.slice(prefix.length).split('/');
      if (kind !== 'checkpoint' && kind !== 'ownership') continue;
      partitions.set(partition, { ...partitions.get(partition), [kind]: item });
    }
    return partitions;
  }

  return {
    async read(namespace, hub, group) {
      const prefix = `${namespace}/${hub}/${group}/`.toLowerCase();
      const answers = await Promise.allSettled(accounts.map((account) => readAccount(account, prefix)));
      const found = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
      if (found.length === 0) throw new AggregateError(answers, 'No storage account of a host answered.');
      const latest = new Map<string, Noted>();
      for (const [partition, noted] of found.flatMap((map) => [...map])) {
        const other = latest.get(partition);
        if (other === undefined || writtenAt(noted) > writtenAt(other)) latest.set(partition, noted);
      }
      return new Map([...latest].map(([partition, noted]) => [partition, stateOf(noted)] as const));
    },
  };
}

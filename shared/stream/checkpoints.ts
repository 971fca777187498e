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

function stateOf(checkpoint: BlobItem | undefined, ownership: BlobItem | undefined): CheckpointState {
  const owner = ownership?.metadata?.['ownerid'] ?? '';
  return {
    sequenceNumber: numberOf(checkpoint?.metadata?.['sequencenumber']),
    checkpointAt: checkpoint?.properties.lastModified,
    ownedAt: owner === '' ? undefined : ownership?.properties.lastModified,
  };
}

const later = (one: CheckpointState, other: CheckpointState): CheckpointState => ({
  ...((one.sequenceNumber ?? -1) >= (other.sequenceNumber ?? -1) ? one : other),
  ownedAt: [one.ownedAt, other.ownedAt]
    .filter((at) => at !== undefined)
    .sort((a, b) => Number(b) - Number(a))[0],
});

/** A page waits for it. Milliseconds. */
const defaultTimeoutMs = 8_000;

/**
 * Checkpoints in the storage accounts of the function hosts (a pair of regions has two, of which one is behind). An
 * account that does not answer in time is passed over while another does.
 */
export function makeCheckpointReader(
  accounts: readonly BlobServiceClient[],
  timeoutMs = defaultTimeoutMs,
): CheckpointReader {
  async function readAccount(account: BlobServiceClient, prefix: string) {
    const checkpoints = new Map<string, BlobItem>();
    const ownerships = new Map<string, BlobItem>();
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const listing = account
      .getContainerClient(checkpointContainer)
      .listBlobsFlat({ prefix, includeMetadata: true, abortSignal });
    for await (const item of listing) {
      const [kind = '', partition = ''] = item.name.slice(prefix.length).split('/');
      if (kind === 'checkpoint') checkpoints.set(partition, item);
      if (kind === 'ownership') ownerships.set(partition, item);
    }
    const partitions = new Set([...checkpoints.keys(), ...ownerships.keys()]);
    return new Map(
      [...partitions].map((id) => [id, stateOf(checkpoints.get(id), ownerships.get(id))] as const),
    );
  }

  return {
    async read(namespace, hub, group) {
      const prefix = `${namespace}/${hub}/${group}/`.toLowerCase();
      const answers = await Promise.allSettled(accounts.map((account) => readAccount(account, prefix)));
      const found = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
      if (found.length === 0) throw new AggregateError(answers, 'No storage account of a host answered.');
      const states = new Map<string, CheckpointState>();
      for (const [partition, state] of found.flatMap((map) => [...map])) {
        const earlier = states.get(partition);
        states.set(partition, earlier === undefined ? state : later(earlier, state));
      }
      return states;
    },
  };
}

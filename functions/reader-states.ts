import { makeCheckpointReader } from '../shared/stream/checkpoints.ts';
import { makeExpiredGaps, makeTellExpired } from '../shared/stream/expired-events.ts';
import { consumerGroups, type ReadHub } from '../shared/stream/hubs.ts';
import { invocationLogger as log } from '../shared/stream/invocation-log.ts';
import { memo } from '../shared/platform/memo.ts';
import { makeReaderStates } from '../shared/stream/reader-states.ts';
import { composition } from './composition.ts';
import { hostAccounts } from './host-accounts.ts';

/** What engineers set for the readers, as the pipeline may see it. */
export const pipelineReaders = memo(async () => {
  const database = await composition.database();
  return makeReaderStates(() => database.query('storage_writer', 'reader_states'), composition.clock());
});

/** The same for the reader of dead letters. */
export const operationsReaders = memo(async () => {
  const database = await composition.database();
  return makeReaderStates(() => database.query('operations', 'reader_states'), composition.clock());
});

/** Tells of events that expired before a function saw them. */
export const tellExpired = memo(async () =>
  makeTellExpired({ events: await composition.events(), clock: composition.clock(), log }),
);

export const expiredGaps = memo(async () => {
  const [reader, tell, accounts] = await Promise.all([
    composition.hubReader(),
    tellExpired(),
    hostAccounts(),
  ]);
  const checkpoints = makeCheckpointReader(accounts);
  return makeExpiredGaps({
    tell,
    checkpointOf: async (hub, partition) => {
      const group = consumerGroups[hub as ReadHub];
      return (await checkpoints.read(reader.namespace(hub as ReadHub), hub, group)).get(partition)
        ?.sequenceNumber;
    },
  });
});

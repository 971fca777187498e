import { memo } from '../shared/platform/memo.ts';
import { makeReaderStates } from '../shared/stream/reader-states.ts';
import { composition } from './composition.ts';

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

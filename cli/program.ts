import { Command } from 'commander';
import { addDbMigrate } from './commands/db/migrate.ts';
import { addDbStatus } from './commands/db/status.ts';
import { addDeadLettersCounts } from './commands/dead-letters/counts.ts';
import { addDeadLettersDiscard } from './commands/dead-letters/discard.ts';
import { addDeadLettersExport } from './commands/dead-letters/export.ts';
import { addDeadLettersList } from './commands/dead-letters/list.ts';
import { addDeadLettersReplay } from './commands/dead-letters/replay.ts';
import { addDeadLettersRuns } from './commands/dead-letters/runs.ts';
import { addDeadLettersShow } from './commands/dead-letters/show.ts';
import { addDeadLettersStop } from './commands/dead-letters/stop.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrillFailover } from './commands/drill/failover.ts';
import { addDrillRegion } from './commands/drill/region.ts';
import { addDrillRestore } from './commands/drill/restore.ts';
import { addKafkaSettings } from './commands/kafka/settings.ts';
import { addLakeCompact } from './commands/lake/compact.ts';
import { addLakeExport } from './commands/lake/export.ts';
import { addLakeMigrate } from './commands/lake/migrate.ts';
import { addLakeQuery } from './commands/lake/query.ts';
import { addLakeVerify } from './commands/lake/verify.ts';
import { addLedgerMonitor } from './commands/ledger/monitor.ts';
import { addLedgerRename } from './commands/ledger/rename.ts';
import { addLedgerVerify } from './commands/ledger/verify.ts';
import { addPersonErase } from './commands/person/erase.ts';
import { addPersonExport } from './commands/person/export.ts';
import { addPersonList } from './commands/person/list.ts';
import { addPersonVerify } from './commands/person/verify.ts';
import { addProcessorShadow } from './commands/processor/shadow.ts';
import { addProcessorTry } from './commands/processor/try.ts';
import { addProduce } from './commands/produce.ts';
import { addPurge } from './commands/purge.ts';
import { addReadersLimit } from './commands/readers/limit.ts';
import { addReadersList } from './commands/readers/list.ts';
import { addReadersMove } from './commands/readers/move.ts';
import { addReadersPause } from './commands/readers/pause.ts';
import { addReadersResume } from './commands/readers/resume.ts';
import { addReprocess } from './commands/reprocess.ts';
import { addRestore } from './commands/restore.ts';
import { addRights } from './commands/rights.ts';
import { addSeed } from './commands/seed.ts';
import { addStatus } from './commands/status.ts';
import { addStreamEvents } from './commands/stream/events.ts';
import { addStreamHubs } from './commands/stream/hubs.ts';
import { addStreamLag } from './commands/stream/lag.ts';
import { addStreamTrace } from './commands/stream/trace.ts';
import { addToken } from './commands/token.ts';
import { addUpload } from './commands/upload.ts';
import { addWatch } from './commands/watch.ts';

type Add = (to: Command) => unknown;

/** A word with commands of its own: `darkroom lake export`. */
const group =
  (name: string, description: string, ...adds: readonly Add[]): Add =>
  (program) => {
    const words = program.command(name).description(description);
    for (const add of adds) add(words);
  };

/** Every command of `npx darkroom`. */
export const program = new Command('darkroom')
  .description('Send images through Darkroom, watch what becomes of them, and run the pipeline.')
  .showHelpAfterError('(--help shows how)')
  .addHelpText(
    'after',
    `
Every command talks to the stack that "npm start" runs here. For another one set
  DARKROOM_API_URL    https://HOST                   and
  DARKROOM_TOKEN      an access token;
  DARKROOM_KAFKA      HOST:9093                      and
  DARKROOM_EVENT_HUBS its connection string, for "produce".
Every command takes --json: one JSON document on standard output, nothing else.`,
  );

for (const add of [
  addUpload,
  addProduce,
  addWatch,
  addStatus,
  group(
    'dead-letters',
    'what could not be processed, and why',
    addDeadLettersCounts,
    addDeadLettersList,
    addDeadLettersShow,
    addDeadLettersReplay,
    addDeadLettersDiscard,
    addDeadLettersExport,
    addDeadLettersRuns,
    addDeadLettersStop,
  ),
  group(
    'readers',
    'pause and resume what reads the hubs',
    addReadersList,
    addReadersPause,
    addReadersResume,
    addReadersMove,
    addReadersLimit,
  ),
  group('stream', 'look into the hubs', addStreamLag, addStreamHubs, addStreamEvents, addStreamTrace),
  addReprocess,
  addPurge,
  addRestore,
  group(
    'person',
    'what is kept of one uploader or member, and its erasure',
    addPersonExport,
    addPersonErase,
    addPersonList,
    addPersonVerify,
  ),
  group('ledger', 'the proof of what was erased', addLedgerVerify, addLedgerMonitor, addLedgerRename),
  group('processor', 'work on image processors', addProcessorTry, addProcessorShadow),
  addToken,
  addDoctor,
  group('kafka', 'Kafka producers', addKafkaSettings),
  group('db', 'the schema of the database', addDbMigrate, addDbStatus),
  addSeed,
  addRights,
  group(
    'lake',
    'the warehouse: export, compaction, proof and questions',
    addLakeExport,
    addLakeCompact,
    addLakeVerify,
    addLakeQuery,
    addLakeMigrate,
  ),
  group('drill', 'try what happens in a failure', addDrillFailover, addDrillRegion, addDrillRestore),
]) {
  add(program);
}

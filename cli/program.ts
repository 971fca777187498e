import { Command } from 'commander';
import { addDb } from './commands/db.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addLake } from './commands/lake.ts';
import { addLedger } from './commands/ledger.ts';
import { addProcessor } from './commands/processor.ts';
import { addProduce } from './commands/produce.ts';
import { addPurge } from './commands/purge.ts';
import { addReprocess } from './commands/reprocess.ts';
import { addRights } from './commands/rights.ts';
import { addSeed } from './commands/seed.ts';
import { addStatus } from './commands/status.ts';
import { addToken } from './commands/token.ts';
import { addUpload } from './commands/upload.ts';
import { addWatch } from './commands/watch.ts';
import { addDrill } from './commands/drill.ts';
import { addKafka } from './commands/kafka.ts';

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
  addDeadLetters,
  addReprocess,
  addPurge,
  addLedger,
  addProcessor,
  addToken,
  addKafka,
  addDb,
  addSeed,
  addRights,
  addLake,
  addDrill,
]) {
  add(program);
}

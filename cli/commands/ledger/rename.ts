import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { renameNoteKey } from '../../../shared/images/erase/ledger/signed-note.ts';

export const addLedgerRename = (ledger: Command): Command =>
  ledger
    .command('rename')
    .description(
      'read the private key of a log that has to end from standard input, and print it as that of a new log',
    )
    .argument('<name>', 'of the new log; no log before it may have had it')
    .action(async (name: string) => console.log(renameNoteKey(await text(process.stdin), name)));

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { openCheckpoint } from '../../../shared/images/erase/ledger/checkpoint-note.ts';
import { checkAgainst, monitorLedger } from '../../../shared/images/erase/ledger/monitor.ts';
import { keyOf, openLog } from '../../support/ledger-files.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly key?: string;
  readonly log?: string;
  readonly keep?: string;
  readonly at?: string;
  readonly json?: boolean;
}

async function monitor({ key, log: source, keep, at, json }: Options): Promise<void> {
  const log = openLog(source);
  const verifier = keyOf(key ?? (await log.key()));
  const note = await log.checkpoint();
  if (keep !== undefined && existsSync(keep)) {
    const old = openCheckpoint(readFileSync(keep, 'utf8'), verifier);
    await checkAgainst(log, { head: openCheckpoint(note, verifier), old });
  }
  const report = await monitorLedger(log, note, {
    verifier,
    now: at === undefined ? new Date() : new Date(at),
  });
  if (keep !== undefined) writeFileSync(keep, note);
  if (json === true) printJson(report);
  else {
    const { size, received, erased, open, omissions } = report;
    console.log(`${size} entries: ${received} received, ${erased} erased, ${open} not due yet.`);
    for (const { commitment, due, erased: late } of omissions) {
      console.log(
        `${commitment} was due ${due} and ${late === undefined ? 'is not erased' : `erased ${late}`}.`,
      );
    }
    console.log(`${omissions.length} not erased in time.`);
  }
  process.exitCode = report.omissions.length === 0 ? 0 : 1;
}

export const addLedgerMonitor = (ledger: Command): Command =>
  ledger
    .command('monitor')
    .description(
      'read the whole public log and name every image that was not erased in time; needs no sign-in',
    )
    .option('--key <key>', 'public key of the log (NAME+ID+KEY), or a file with it')
    .option('--log <source>', 'address (…/api/ledger) or folder of the log, instead of the stack here')
    .option('--keep <file>', 'compare with the checkpoint in this file, and keep the new one there')
    .option('--at <time>', 'as if it were this time')
    .option('--json', 'print JSON')
    .action(monitor);

import type { Command } from 'commander';
import { ApiError } from '../../client/api-error.ts';
import { slices } from '../../shared/platform/slices.ts';
import { ask } from '../support/connection.ts';
import { keyOf, openLog } from '../support/ledger-files.ts';
import { printJson } from '../support/output.ts';
import { noReceipts, readReceipts, type Member } from '../support/receipts.ts';

interface Options {
  readonly receipts?: string;
  readonly key?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Digests that the API takes in one request. */
const maxDigests = 10_000;
const reason = 'The database was restored to before this erasure.';

async function replayLedger(digests: readonly string[], dryRun: boolean): Promise<number> {
  let back = 0;
  const parts = digests.length === 0 ? [[]] : [...slices(digests, maxDigests)];
  for (const [index, part] of parts.entries()) {
    // One restore is one epoch: each has the whole lake written anew.
    const body = { replayLedger: true, sameRestore: index > 0, digests: [...part], dryRun };
    back += (await ask((api) => api.POST('/operations/purge', { body }))).cameBack ?? 0;
  }
  return back;
}

/** Answers whether this member is there: the moment that was restored may lie before they joined, and their id be another's now. */
async function eraseMember({ id, subject }: Member, dryRun: boolean): Promise<boolean> {
  const body = { kind: 'member', id, subject, reason, dryRun } as const;
  try {
    await ask((api) => api.POST('/operations/people/erase', { body }));
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

async function receiptsIn({ receipts, key }: Options) {
  if (receipts === undefined) return noReceipts;
  return readReceipts(receipts, (key ?? [await openLog().key()]).map(keyOf));
}

async function restore(options: Options): Promise<void> {
  const { dryRun = false, json } = options;
  const { digests, members, refused } = await receiptsIn(options);
  const images = await replayLedger(digests, dryRun);
  let known = 0;
  for (const member of members) if (await eraseMember(member, dryRun)) known += 1;
  if (json === true) printJson({ dryRun, images, members: known, refused });
  else {
    const done = dryRun ? 'would be erased again' : 'are erased again';
    console.log(
      `${images} images had come back, and ${known} of ${members.length} members that are named are there: they ${done}.`,
    );
    for (const { file, why } of refused) console.log(`Refused: ${file}: ${why}`);
    if (!dryRun) console.log('A new epoch has begun: the next export writes the lake anew.');
  }
  process.exitCode = refused.length === 0 ? 0 : 1;
}

export const addRestore = (program: Command): Command =>
  program
    .command('restore')
    .description(
      'after a restore of the database: erase again what had come back, and have the lake written anew',
    )
    .option('--receipts <folder>', 'receipts of erasures since the moment that was restored')
    .option(
      '--key <keys...>',
      'public keys of the log (NAME+ID+KEY, or a file), instead of the one that it has now',
    )
    .option('--dry-run', 'only say what came back')
    .option('--json', 'print JSON')
    .action(restore);

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ApiError } from '../../client/api-error.ts';
import { imageDigest } from '../../shared/platform/image-id.ts';
import { slices } from '../../shared/platform/slices.ts';
import { receiptSchema } from '../../shared/images/erase/ledger/receipt.ts';
import { personReceiptSchema, type PersonReceipt } from '../../shared/operations/person-receipt.ts';
import { ask } from '../support/connection.ts';
import { printJson } from '../support/output.ts';

interface Options {
  readonly receipts?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Digests that the API takes in one request. */
const maxDigests = 10_000;
const reason = 'The database was restored to before this erasure.';

type Member = Pick<PersonReceipt, 'id' | 'subject'>;

/** What the receipts of a folder say was erased: images, and members by membership id and key. */
function readReceipts(folder: string): { digests: string[]; members: Member[] } {
  const digests: string[] = [];
  const members: Member[] = [];
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
    const content: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const image = receiptSchema.safeParse(content);
    if (image.success) digests.push(imageDigest(image.data.imageId));
    const person = personReceiptSchema.safeParse(content);
    // A restore brings rows back: of an uploader those are images, whose own receipts are here, too.
    if (person.success && person.data.kind === 'member') members.push(person.data);
    if (!image.success && !person.success) throw new Error(`${join(folder, name)} is no receipt.`);
  }
  return { digests, members };
}

async function replayLedger(digests: readonly string[], dryRun: boolean): Promise<number> {
  let back = 0;
  for (const slice of digests.length === 0 ? [[]] : [...slices(digests, maxDigests)]) {
    const body = { replayLedger: true, digests: [...slice], dryRun };
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

async function restore({ receipts, dryRun = false, json }: Options): Promise<void> {
  const { digests, members } = receipts === undefined ? { digests: [], members: [] } : readReceipts(receipts);
  const images = await replayLedger(digests, dryRun);
  let known = 0;
  for (const member of members) if (await eraseMember(member, dryRun)) known += 1;
  if (json === true) printJson({ dryRun, images, members: known });
  else {
    const done = dryRun ? 'would be erased again' : 'are erased again';
    console.log(
      `${images} images had come back, and ${known} of ${members.length} members that are named are there: they ${done}.`,
    );
    if (!dryRun) console.log('A new epoch has begun: the next export writes the lake anew.');
  }
}

export const addRestore = (program: Command): Command =>
  program
    .command('restore')
    .description(
      'after a restore of the database: erase again what had come back, and have the lake written anew',
    )
    .option('--receipts <folder>', 'receipts of erasures since the moment that was restored')
    .option('--dry-run', 'only say what came back')
    .option('--json', 'print JSON')
    .action(restore);

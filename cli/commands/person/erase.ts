import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';
import { personOf, withPerson, type PersonOptions } from '../../support/person.ts';

interface Options extends PersonOptions {
  readonly dryRun?: boolean;
  readonly receipts?: string;
  readonly json?: boolean;
}

/** The person's receipt, and one of each image that went with it. */
function writeReceipts(
  folder: string,
  { receipt, imageReceipts }: Awaited<ReturnType<typeof eraseOnce>>,
): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(value, null, 2));
  if (receipt !== undefined) write(`person-${receipt.sequence}`, receipt);
  for (const one of imageReceipts) write(one.imageId, one);
}

const eraseOnce = (options: Options) =>
  ask((api) =>
    api.POST('/operations/people/erase', {
      body: { ...personOf(options), dryRun: options.dryRun === true },
    }),
  );

async function erase(options: Options): Promise<void> {
  const { dryRun, receipts, json } = options;
  if (dryRun !== true && receipts === undefined) {
    throw new Error(
      'Say --dry-run to see what there is, or --receipts FOLDER to erase it and keep the proof.',
    );
  }
  const answers = [];
  let answer;
  do {
    answer = await eraseOnce(options);
    answers.push(answer);
    if (receipts !== undefined && dryRun !== true) writeReceipts(receipts, answer);
  } while (answer.unfinished);
  const counts = (result: typeof answer.result): string =>
    Object.entries(result)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  if (json === true) printJson(answers);
  else {
    for (const { result } of answers) console.log(`${dryRun ? 'Found' : 'Erased'}: ${counts(result)}.`);
    for (const { copy, until } of answer.remaining) console.log(`A copy stays in ${copy} until ${until}.`);
    if (receipts !== undefined && dryRun !== true) console.log(`Receipts are in ${receipts}.`);
    if (answer.failed > 0) console.log(`${answer.failed} images are not erased whole: run it again.`);
  }
  process.exitCode = answer.failed > 0 ? 1 : 0;
}

export const addPersonErase = (person: Command): Command =>
  withPerson(person.command('erase'))
    .description('erase all of an uploader, or what is personal of a member; orders and sums stay')
    .option('--dry-run', 'only count what there is')
    .option('--receipts <folder>', 'where the receipts are written')
    .option('--json', 'print JSON')
    .action(erase);

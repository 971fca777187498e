import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DarkroomError } from '../platform/errors.ts';
import { makeBatch, nameOf, type BatchOptions } from './batch.ts';
import type { Log } from '../platform/log.ts';
import type { Origin } from '../platform/image-origin.ts';
import type { IncomingRecord } from './record.ts';
import { StageFailure } from './stage-failure.ts';

/** A record in whose work the process ended this often is at fault. */
const maxOverruns = 3;

/** Of this account: another one on the machine has its own. */
const defaultFolder = join(tmpdir(), `darkroom-in-work-${process.getuid?.() ?? 'all'}`);

/**
 * Which records are in work, in files, so that the next process of this instance knows in whose work the one before ended:
 * memory is lost with it, and the host gives the whole batch again. Where a file cannot be written, nothing is known, and
 * nothing else changes.
 */
function openJournal(folder: string, log: Log) {
  let isSaid = false;
  const trying = (change: () => void): void => {
    try {
      change();
    } catch (error) {
      if (!isSaid) log.error('journal.not-written', error, { folder });
      isSaid = true;
    }
  };
  trying(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  const fileOf = (record: IncomingRecord) =>
    join(folder, createHash('sha256').update(nameOf(record)).digest('hex').slice(0, 32));
  const ends = (record: IncomingRecord): number => {
    try {
      return Number(readFileSync(fileOf(record), 'utf8'));
    } catch {
      return 0;
    }
  };
  return {
    /** How often the process ended while the record was in work. */
    ends,
    begin: (record: IncomingRecord): void =>
      trying(() => writeFileSync(fileOf(record), String(ends(record) + 1))),
    end: (record: IncomingRecord): void => trying(() => rmSync(fileOf(record), { force: true })),
  };
}

export interface EndingBatchOptions extends BatchOptions {
  /** Whose image a record is; undefined when it cannot be read. Only asked for a record that is given up. */
  readonly originOf: (record: IncomingRecord) => Promise<Origin | undefined>;
  /** Where it is kept what is in work. */
  readonly folder?: string;
}

const overran = (): DarkroomError =>
  new DarkroomError(
    'processing-timeout',
    `Its work ended the worker ${maxOverruns} times: it is not tried again.`,
  );

/**
 * A batch whose retries come to an end when a record ends the worker, by holding its event loop or by a crash: after the
 * first time, such a record is handled alone and last, so that the others are done; after the third it becomes a dead
 * letter. Only what the host gives again by its retry policy counts, not what a killed host had in work.
 */
export function makeEndingBatch(options: EndingBatchOptions) {
  const { originOf, folder = defaultFolder } = options;
  const journal = openJournal(folder, options.log);
  const run = makeBatch({
    ...options,
    async handle(record) {
      if (journal.ends(record) >= maxOverruns) {
        throw new StageFailure(options.stage, await originOf(record), overran());
      }
      journal.begin(record);
      try {
        await options.handle(record);
      } finally {
        journal.end(record);
      }
    },
  });

  return async (records: readonly IncomingRecord[], retries = 0): Promise<void> => {
    // One time for all of an invocation, whatever is done one after another.
    const endsAt = options.budget && Date.now() + options.budget.ms;
    if (retries === 0) records.forEach((record) => journal.end(record));
    const suspects = records.filter((record) => journal.ends(record) > 0);
    const others = records.filter((record) => !suspects.includes(record));
    const results = await Promise.allSettled([run(others, retries, endsAt)]);
    for (const suspect of suspects) {
      results.push(...(await Promise.allSettled([run([suspect], retries, endsAt)])));
      if (journal.ends(suspect) >= maxOverruns) journal.end(suspect);
    }
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  };
}

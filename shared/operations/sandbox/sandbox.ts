import pLimit from 'p-limit';
import { asDarkroomError, DarkroomError } from '../../platform/errors.ts';
import { readAtMost } from '../../platform/read-at-most.ts';
import type { ProcessorDescription } from '../../images/process/ports.ts';
import type { ImageRecord, StorageReader } from '../../images/store/ports.ts';
import { compareRuns, runBoth, type Compared, type Pair, type Runs } from './compare.ts';
import { sandboxLimits } from './limits.ts';

export interface SandboxDependencies extends Pair {
  /** What is released. */
  readonly processors: readonly ProcessorDescription[];
  readonly storage: Pick<StorageReader, 'find' | 'openRaw'>;
}

export interface Candidates {
  readonly candidates: readonly ProcessorDescription[];
  /** Why they cannot be tried. */
  readonly problem: string | null;
}

/** `skipped` says why an image was not compared. */
export interface Shadow {
  readonly skipped: 'gone' | 'no-bytes' | 'too-large' | null;
  readonly rows: readonly Compared[];
}

const wholeOf = (chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> =>
  readAtMost(chunks, maxBytes, `The sandbox takes images of at most ${maxBytes} bytes.`);

const skip = (skipped: Shadow['skipped']): Shadow => ({ skipped, rows: [] });

/** What can have bytes that were checked. */
const hasBytes = ({ status }: ImageRecord): boolean => ['stored', 'processed', 'failed'].includes(status);

/** Only what the candidates may have changed: theirs, what differs, and a failure without all that it costs. */
function ofInterest(rows: readonly Compared[], candidates: readonly ProcessorDescription[]): Compared[] {
  const [whole] = rows.filter(({ kind }) => kind === 'image');
  if (whole) return [whole];
  const names = new Set(candidates.map(({ name }) => name));
  return rows.filter(({ outcome, processor }) => outcome !== 'same' || names.has(processor!));
}

/** Runs candidates beside the released processors, one image at a time, and keeps nothing of it. */
export function makeSandbox({ released, candidate, processors, storage }: SandboxDependencies) {
  const turn = pLimit(1);
  let known: Candidates | undefined;

  async function describe(): Promise<Candidates> {
    try {
      const giveUp = { afterMs: sandboxLimits.describeMs, reason: tooLongToLoad };
      const candidates = await candidate.ask(new Uint8Array(), { work: 'describe' }, { giveUp });
      return { candidates, problem: null };
    } catch (thrown) {
      const error = asDarkroomError(thrown);
      if (error.code === 'unavailable') throw error;
      return { candidates: [], problem: `${error.code}: ${error.message}` };
    }
  }

  /** They are those of the deployment: asked for until they are known. */
  async function candidates(): Promise<Candidates> {
    if (known !== undefined) return known;
    const found = await describe();
    if (found.problem === null) known = found;
    return found;
  }

  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (turn.activeCount + turn.pendingCount > sandboxLimits.waiting)
      return Promise.reject(
        new DarkroomError('unavailable', 'Others use the sandbox; try again in a minute.'),
      );
    return turn(run);
  }

  async function compare(bytes: Uint8Array): Promise<{ runs: Runs; rows: Compared[]; bytes: number }> {
    const runs = await runBoth({ released, candidate }, bytes);
    return { runs, bytes: bytes.byteLength, rows: await compareRuns(released, runs) };
  }

  return {
    processors,
    candidates,

    /** A photo that is nowhere stored. */
    tryPhoto: (body: AsyncIterable<Uint8Array>) =>
      inTurn(async () => {
        const bytes = await wholeOf(body, sandboxLimits.maxPhotoBytes);
        if (bytes.byteLength === 0)
          throw new DarkroomError('empty-body', 'There are no bytes in the request.');
        return compare(bytes);
      }),

    /** A stored image, of which figures are answered and nothing else. */
    shadow: (imageId: string): Promise<Shadow> =>
      inTurn(async () => {
        const found = await storage.find(imageId);
        if (found === undefined) return skip('gone');
        if (!hasBytes(found)) return skip('no-bytes');
        try {
          const bytes = await wholeOf(await storage.openRaw(imageId), sandboxLimits.maxStoredBytes);
          const { rows } = await compare(bytes);
          return { skipped: null, rows: ofInterest(rows, (await candidates()).candidates) };
        } catch (error) {
          const { code } = asDarkroomError(error);
          if (code === 'not-found') return skip('gone');
          if (code === 'too-large') return skip('too-large');
          throw error;
        }
      }),
  };
}

const tooLongToLoad = new DarkroomError(
  'processing-timeout',
  `The candidates were not loaded within ${sandboxLimits.describeMs} ms.`,
);

import { isDeepStrictEqual } from 'node:util';
import { asDarkroomError, type DarkroomError } from '../../platform/errors.ts';
import type { WorkerQuestions } from '../../images/process/pool.ts';
import type { ProcessedImage } from '../../images/process/ports.ts';
import type { Fact, Variant } from '../../images/store/ports.ts';

/** The same processors twice: as they are released, and as they may be. */
export interface Pair {
  readonly released: WorkerQuestions;
  readonly candidate: WorkerQuestions;
}

export type Run = { readonly made: ProcessedImage } | { readonly failure: DarkroomError };

export interface Runs {
  readonly released: Run;
  readonly candidate: Run;
}

interface Made {
  readonly version: string;
  readonly contentType: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** null for a fact. */
  readonly bytes: number | null;
  /** Of its processor with all that it makes; null where an older release does not tell. */
  readonly milliseconds: number | null;
}

/**
 * `failed`: the candidate alone, or what it made is no picture. `missing` and `added`: only one of the two makes it.
 * `repaired`: the candidate takes an image that the released version fails on. `fails-too`: neither does.
 */
export type ComparedOutcome = 'same' | 'differs' | 'failed' | 'missing' | 'added' | 'repaired' | 'fails-too';

export interface Compared {
  /** A variant or a fact; null: the image as a whole. */
  readonly name: string | null;
  readonly kind: 'variant' | 'fact' | 'image';
  readonly processor: string | null;
  readonly outcome: ComparedOutcome;
  readonly reason: string | null;
  /** Structural similarity of the two pictures, 1 for the same. */
  readonly ssim: number | null;
  readonly released: Made | null;
  readonly candidate: Made | null;
}

const reasonOf = ({ code, message }: DarkroomError): string => `${code}: ${message}`;

async function run(workers: WorkerQuestions, bytes: Uint8Array): Promise<Run> {
  try {
    return { made: await workers.ask(bytes, { work: 'measure' }) };
  } catch (error) {
    return { failure: asDarkroomError(error) };
  }
}

/** One after the other: neither takes time from the other. Throws `unavailable` when not even the released version could run. */
export async function runBoth({ released, candidate }: Pair, bytes: Uint8Array): Promise<Runs> {
  const first = await run(released, bytes);
  if ('failure' in first && first.failure.code === 'unavailable') throw first.failure;
  return { released: first, candidate: await run(candidate, bytes) };
}

const image = {
  kind: 'image',
  name: null,
  processor: null,
  ssim: null,
  released: null,
  candidate: null,
} as const;

function madeOf(one: Variant | Fact, { times }: Pick<ProcessedImage, 'times'>): Made {
  const milliseconds = times?.processors[one.processor] ?? null;
  const version = one.processorVersion;
  if (!('bytes' in one))
    return { version, contentType: null, width: null, height: null, bytes: null, milliseconds };
  const { contentType, width, height, bytes } = one;
  return { version, contentType, width, height, bytes: bytes.byteLength, milliseconds };
}

const isPicture = ({ contentType }: Variant): boolean => contentType.startsWith('image/');

type Likeness = Pick<Compared, 'ssim' | 'outcome' | 'reason'>;

async function likenessOf(workers: WorkerQuestions, one: Variant, other: Variant): Promise<Likeness> {
  if (Buffer.compare(one.bytes, other.bytes) === 0) return { ssim: 1, outcome: 'same', reason: null };
  if (!isPicture(one) && !isPicture(other)) return { ssim: null, outcome: 'differs', reason: null };
  const both = Buffer.concat([one.bytes, other.bytes]);
  try {
    const ssim = await workers.ask(both, { work: 'compare', first: one.bytes.byteLength });
    return { ssim, outcome: 'differs', reason: null };
  } catch (error) {
    return { ssim: null, outcome: 'failed', reason: reasonOf(asDarkroomError(error)) };
  }
}

const likenessOfFacts = (one: Fact, other: Fact): Likeness =>
  isDeepStrictEqual(one.value, other.value)
    ? { ssim: null, outcome: 'same', reason: null }
    : { ssim: null, outcome: 'differs', reason: null };

async function compareEach<T extends Variant | Fact>(
  kind: 'variant' | 'fact',
  [released, of]: readonly [readonly T[], Pick<ProcessedImage, 'times'>],
  [candidate, by]: readonly [readonly T[], Pick<ProcessedImage, 'times'>],
  likeness: (one: T, other: T) => Promise<Likeness> | Likeness,
): Promise<Compared[]> {
  const names = [...new Set([...released, ...candidate].map(({ name }) => name))];
  const rows: Compared[] = [];
  for (const name of names) {
    const one = released.find((each) => each.name === name);
    const other = candidate.find((each) => each.name === name);
    const alone = { ssim: null, outcome: one === undefined ? 'added' : 'missing', reason: null } as const;
    rows.push({
      ...{ name, kind, processor: (other ?? one)!.processor },
      ...(one !== undefined && other !== undefined ? await likeness(one, other) : alone),
      released: one === undefined ? null : madeOf(one, of),
      candidate: other === undefined ? null : madeOf(other, by),
    });
  }
  return rows;
}

const madeBy = (run: Run): Pick<ProcessedImage, 'variants' | 'facts' | 'times'> =>
  'made' in run ? run.made : { variants: [], facts: [] };

function failureOf(released: Run, candidate: Run): Compared | undefined {
  if ('failure' in candidate) {
    const outcome = 'failure' in released ? 'fails-too' : 'failed';
    return { ...image, outcome, reason: reasonOf(candidate.failure) };
  }
  return 'failure' in released
    ? { ...image, outcome: 'repaired', reason: reasonOf(released.failure) }
    : undefined;
}

/** What differs: a row for each variant and fact, and one for the image where a version fails. Released code compares. */
export async function compareRuns(
  workers: WorkerQuestions,
  { released, candidate }: Runs,
): Promise<Compared[]> {
  const [of, by] = [madeBy(released), madeBy(candidate)];
  const failed = failureOf(released, candidate);
  const likeness = (one: Variant, other: Variant) => likenessOf(workers, one, other);
  return [
    ...(failed === undefined ? [] : [failed]),
    ...(await compareEach('variant', [of.variants, of], [by.variants, by], likeness)),
    ...(await compareEach('fact', [of.facts, of], [by.facts, by], likenessOfFacts)),
  ];
}

import { DarkroomError } from '../../platform/errors.ts';
import { chooseEngine } from './engine/choose.ts';
import { isOfMemory, outOfMemory } from './engine/failures.ts';
import type { Engine } from './engine/port.ts';
import { diskFailure, isOfSystem } from './file/failures.ts';
import type { ImageFile } from './file/image-file.ts';
import { sizeCheck } from './header/shape.ts';
import { inspect } from './inspect.ts';
import { assertFits } from './decoding-cost.ts';
import { likeness } from './likeness.ts';
import type { ImageHeader, Processor } from './ports.ts';
import { asFailure, type Answer, type Question, type WorkerSettings, type Works } from './protocol.ts';
import { loadCandidates, loadProcessors } from './registry.ts';
import { runProcessors } from './run-processors.ts';

interface Asked extends Question {
  readonly settings: WorkerSettings;
  /** A module of candidates: they work in place of the released processors of their names. */
  readonly candidates?: string | undefined;
}

/** What comes out goes through the memory of who asked, who trusts no candidate. */
const maxMeasuredBytes = 32 * 2 ** 20;

/** The first image of a process is slow, whatever works on it: what it took says nothing. */
let isWarm = false;
/** What takes longer is not processed twice: an image has one time, and little of it is the start of a process. Nor is a large file, which is changed. */
const quickMs = 5_000;

let prepared: Promise<[Engine, Processor[]]> | undefined;

/** Of the settings and candidates of the worker, which are the same each time. */
const prepare = ({ settings, candidates }: Asked) =>
  (prepared ??= Promise.all([
    chooseEngine(settings.engine, settings),
    loadProcessors(candidates).catch((cause: unknown) => {
      if (candidates === undefined) throw cause;
      throw new DarkroomError(
        'processor-failed',
        `The candidates cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          cause,
        },
      );
    }),
  ]));

async function processed(file: ImageFile, asked: Asked, isMeasured: boolean) {
  const { settings } = asked;
  const header = inspect(file, settings);
  const [engine, processors] = await prepare(asked);
  const checkSize = sizeCheck(settings.maxPixels);
  const check = (known: ImageHeader) => {
    checkSize(known.width, known.height);
    assertFits(known, processors, settings.memoryMb);
  };
  check(header);
  return runProcessors(engine, processors, file, header, { check, isMeasured });
}

const works: { readonly [W in keyof Works]: (file: ImageFile, asked: Asked) => Promise<Works[W]> } = {
  process: (file, asked) => processed(file, asked, false),
  async measure(file, asked) {
    const began = performance.now();
    let made = await processed(file, asked, true);
    const canRepeat = typeof file.input !== 'string' && performance.now() - began < quickMs;
    if (!isWarm && canRepeat) made = await processed(file, asked, true);
    isWarm = true;
    const all = made.variants.reduce((sum, variant) => sum + variant.bytes.byteLength, 0);
    if (all <= maxMeasuredBytes) return made;
    throw new DarkroomError(
      'processor-failed',
      `All variants have ${all} bytes, more than ${maxMeasuredBytes}.`,
    );
  },
  async describe(_, asked) {
    await prepare(asked);
    const candidates = asked.candidates === undefined ? [] : await loadCandidates(asked.candidates);
    return candidates.map(({ name, version, variants }) => ({ name, version, variants }));
  },
  async compare(file, asked) {
    const [engine] = await prepare(asked);
    const { first = 0, settings } = asked;
    return likeness(engine, settings, [file.read(0, first), file.read(first, file.size)]);
  },
};

/** What was asked for, all that is made of one image unless it is said, or why not; its file is closed by then. */
export async function answerTo(open: () => ImageFile, asked: Asked): Promise<Answer> {
  let file: ImageFile | undefined;
  try {
    file = open();
    return { result: await works[asked.work ?? 'process'](file, asked) };
  } catch (error) {
    return { failure: asFailure(memoryFailure(error) ?? (isOfSystem(error) ? diskFailure(error) : error)) };
  } finally {
    file?.close();
  }
}

/** Scaling, encoding and processors meet the limit as decoders do. */
function memoryFailure(error: unknown): DarkroomError | undefined {
  const isNamed = error instanceof DarkroomError && error.code !== 'processor-failed';
  return !isNamed && isOfMemory(error) ? outOfMemory(error) : undefined;
}

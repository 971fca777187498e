import { DarkroomError } from '../../platform/errors.ts';
import { chooseEngine } from './engine/choose.ts';
import { isOfMemory, outOfMemory } from './engine/failures.ts';
import type { Engine } from './engine/port.ts';
import { sizeCheck } from './header/shape.ts';
import { inspect } from './inspect.ts';
import { assertFits } from './decoding-cost.ts';
import type { ImageHeader, Processor } from './ports.ts';
import { asFailure, type Answer, type WorkerSettings } from './protocol.ts';
import { loadProcessors } from './registry.ts';
import { runProcessors } from './run-processors.ts';

let prepared: Promise<[Engine, Processor[]]> | undefined;

/** All that is made of one image, or why not. Settings are those of the worker, the same each time. */
export async function answerTo(bytes: Uint8Array, settings: WorkerSettings): Promise<Answer> {
  try {
    const header = inspect(bytes, settings);
    prepared ??= Promise.all([chooseEngine(settings.engine, settings), loadProcessors()]);
    const [engine, processors] = await prepared;
    const checkSize = sizeCheck(settings.maxPixels);
    const fits = (known: ImageHeader) => {
      checkSize(known.width, known.height);
      assertFits(known, bytes.byteLength, processors, settings.memoryMb);
    };
    fits(header);
    return { result: await runProcessors(engine, processors, bytes, header, fits) };
  } catch (error) {
    return { failure: asFailure(memoryFailure(error) ?? error) };
  }
}

/** Scaling, encoding and processors meet the limit as decoders do. */
function memoryFailure(error: unknown): DarkroomError | undefined {
  const isNamed = error instanceof DarkroomError && error.code !== 'processor-failed';
  return !isNamed && isOfMemory(error) ? outOfMemory(error) : undefined;
}

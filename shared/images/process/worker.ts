import { chooseEngine } from './engine/choose.ts';
import type { Engine } from './engine/port.ts';
import { inspect } from './inspect.ts';
import { assertFits } from './memory-need.ts';
import type { Processor } from './ports.ts';
import { asFailure, ownBuffers, type Answer, type Task, type WorkerSettings } from './protocol.ts';
import { loadProcessors } from './registry.ts';
import { runProcessors } from './run-processors.ts';

let prepared: Promise<[Engine, Processor[]]> | undefined;

/** What a worker thread of the pool does with one image. Settings are those of the pool, the same each time. */
export default async function work({ bytes, settings, reply }: Task): Promise<void> {
  const answer = await answerTo(bytes, settings);
  const views = 'result' in answer ? answer.result.variants.map((variant) => variant.bytes) : [];
  reply.postMessage(answer, ownBuffers(views));
  reply.close();
}

async function answerTo(bytes: Uint8Array, settings: WorkerSettings): Promise<Answer> {
  try {
    const header = inspect(bytes, settings);
    prepared ??= Promise.all([chooseEngine(settings.engine, settings), loadProcessors()]);
    const [engine, processors] = await prepared;
    const animated = processors.some((processor) => processor.animated === true);
    assertFits(header, settings.memoryMb, animated);
    return { result: await runProcessors(engine, processors, bytes, header) };
  } catch (error) {
    return { failure: asFailure(error) };
  }
}

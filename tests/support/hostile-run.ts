import { isDeepStrictEqual } from 'node:util';
import { DarkroomError, type ErrorCode } from '../../shared/platform/errors.ts';
import type { Processing } from '../../shared/images/process/ports.ts';
import { declaredVariants } from './declared-variants.ts';
import type { Hostile } from './hostile-images.ts';

/** How an image may be refused; anything else is a fault of ours. */
const reasons: readonly ErrorCode[] = [
  'unsupported-type',
  'image-corrupt',
  'image-truncated',
  'image-too-many-pixels',
  'image-too-complex',
  'unsupported-compression',
  'processing-timeout',
  'processing-memory',
];

export interface Finding {
  readonly name: string;
  readonly outcome: string;
  readonly message: string;
}

/** Gives a file to the pool; answers what is wrong with how it went, or undefined. */
export async function attempt(processing: Processing, file: Hostile): Promise<Finding | undefined> {
  const { outcome, message } = await outcomeOf(processing, file.bytes);
  const allowed = file.expected ?? ['ok', ...reasons];
  const clear = outcome === 'ok' || (message.length > 20 && !isDeepStrictEqual(message, outcome));
  return allowed.includes(outcome) && clear ? undefined : { name: file.name, outcome, message };
}

async function outcomeOf(
  processing: Processing,
  bytes: Buffer,
): Promise<{ outcome: string; message: string }> {
  try {
    const { variants } = await processing.process(Uint8Array.from(bytes));
    const whole = variants.length === (await declaredVariants()).length;
    return { outcome: whole ? 'ok' : `${variants.length} variants`, message: '' };
  } catch (error) {
    if (!(error instanceof DarkroomError)) return { outcome: 'not ours', message: String(error) };
    return { outcome: error.code, message: error.message };
  }
}

/** Gives files to the pool, as many at once as it takes; answers every finding. */
export async function attemptAll(
  processing: Processing,
  files: Iterable<Hostile> | AsyncIterable<Hostile>,
  until: () => boolean = () => false,
): Promise<{ findings: Finding[]; tried: number }> {
  const findings: Finding[] = [];
  const running = new Set<Promise<void>>();
  let tried = 0;
  for await (const file of files) {
    if (until()) break;
    tried++;
    const one: Promise<void> = attempt(processing, file).then((finding) => {
      if (finding) findings.push(finding);
      running.delete(one);
    });
    running.add(one);
    if (running.size >= processing.concurrency) await Promise.race(running);
  }
  await Promise.all(running);
  return { findings, tried };
}

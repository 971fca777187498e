import type { Logger } from './serverless.ts';

/** A step of a command that did not succeed; its message names the step first. */
class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly step: string;

  constructor(command: string, step: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${command} failed at the step "${step}": ${reason}`, { cause });
    this.step = step;
  }
}

/** Runs named steps one after the other, says what it does, and fails with the name of the step. */
export class Steps {
  readonly #command: string;
  readonly #log: Logger;

  constructor(command: string, log: Logger) {
    this.#command = command;
    this.#log = log;
  }

  async run<T>(step: string, action: () => Promise<T>, say?: (result: T) => string): Promise<T> {
    try {
      const result = await action();
      this.#log.notice(`${step}: ${say ? say(result) : 'done'}`);
      return result;
    } catch (error) {
      throw error instanceof StepFailed ? error : new StepFailed(this.#command, step, error);
    }
  }
}

/** Waits until `look` answers something, every `seconds`; throws what `late` says when the time is over. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  { every, timeout, late }: { every: number; timeout: number; late: () => string },
): Promise<T> {
  const end = Date.now() + timeout * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= end) throw new Error(late());
    await new Promise((resolve) => setTimeout(resolve, every * 1000));
  }
}

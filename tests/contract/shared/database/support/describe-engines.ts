import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { embedded } from './embedded.ts';
import type { Engine, EngineKind, Limit } from './engine.ts';
import { tdsEngine } from './tds.ts';

const only = process.env['DARKROOM_TEST_SQL_ONLY'] === 'yes';
const tds = await tdsEngine(process.env);
const engines: readonly EngineKind[] = [...(only ? [] : [embedded]), ...(tds === undefined ? [] : [tds])];

/** A test that needs what not every server can: there it is skipped, and its title says why. */
type TestIf = (limit: Limit, title: string, run: () => Promise<void>, timeout?: number) => void;

/** One suite for every engine there is: PostgreSQL always, a TDS server when DARKROOM_TEST_SQL names it. */
export function describeEngines(title: string, suite: (engine: () => Engine, testIf: TestIf) => void): void {
  describe.each(engines)(`${title} on $name`, (kind) => {
    let engine: Engine | undefined;
    beforeAll(async () => {
      engine = await kind.start();
    }, 120_000);
    afterAll(async () => {
      await engine?.stop();
    }, 60_000);
    suite(
      () => engine!,
      (limit, name, run, timeout) => {
        const reason = kind.limits[limit];
        if (reason === undefined) test(name, run, timeout);
        else test.skip(`${name} [skipped: ${reason}]`, run);
      },
    );
  });
}

/** The code of the DarkroomError that it fails with; what else it does is shown as such. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (value) => `succeeded with ${JSON.stringify(value)}`,
    (error: unknown) => (error instanceof DarkroomError ? error.code : `threw ${String(error)}`),
  );

export const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

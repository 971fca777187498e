import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { DryRunStatus, type TestRunner } from '@stryker-mutator/api/test-runner';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';
import { readFileSync, writeFileSync } from 'node:fs';

/** Where the first run leaves which file each test is in: runners are processes that end and start again. */
export const filesVariable = 'DARKROOM_MUTATION_FILES';

const [jestPlugin] = jestPlugins;

/** As much of Stryker's runner for jest as is touched here. */
interface JestRunner extends TestRunner {
  jestConfig: { testMatch?: readonly string[] };
}

/**
 * Stryker's runner for jest, but of the test files it loads those that have a test of the fault: by itself it loads all
 * of them for each fault, and skips the tests inside.
 */
function makeRunner(
  injector: NonNullable<Parameters<NonNullable<typeof jestPlugin>['factory']>[0]>,
): TestRunner {
  const runner = jestPlugin!.factory(injector) as JestRunner;
  const [dryRun, mutantRun] = [runner.dryRun.bind(runner), runner.mutantRun.bind(runner)];
  const path = process.env[filesVariable]!;
  runner.dryRun = async (options) => {
    const result = await dryRun(options);
    if (result.status === DryRunStatus.Complete)
      writeFileSync(path, JSON.stringify(result.tests.map(({ id, fileName }) => [id, fileName])));
    return result;
  };
  runner.mutantRun = async (options) => {
    const all = runner.jestConfig;
    const covering = new Set(options.testFilter);
    const files = JSON.parse(readFileSync(path, 'utf8')) as [string, string][];
    // Without a filter the fault is in what a module does when it is loaded.
    const testMatch = files.filter(([id]) => covering.has(id)).map(([, file]) => file);
    if (testMatch.length > 0) runner.jestConfig = { ...all, testMatch: [...new Set(testMatch)] };
    try {
      return await mutantRun(options);
    } finally {
      runner.jestConfig = all;
    }
  };
  return runner;
}
makeRunner.inject = ['$injector'] as ['$injector'];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'jest-covering', makeRunner)];

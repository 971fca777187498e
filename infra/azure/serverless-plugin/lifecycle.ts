import { createInterface } from 'node:readline/promises';
import { lastOutputs } from './arm-deployment.ts';
import type { Context, Outputs } from './context.ts';
import { publishEverywhere } from './deploy.ts';
import { checkSchema, packageOf, releases, type Release } from './releases.ts';
import { deleteGroup } from './resource-group.ts';
import { restartSigners, rotateSigningKey } from './secrets.ts';
import type { Steps } from './steps.ts';

export async function existing(context: Context): Promise<Outputs> {
  const outputs = await lastOutputs(context);
  if (!outputs)
    throw new Error(`nothing is deployed to ${context.resourceGroup}; run "npx sls deploy" first`);
  return outputs;
}

/** Asks for the name of what goes; without a terminal only --force answers. */
async function agrees(context: Context): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new Error(
      `there is no one to ask: run it in a terminal, or add --force to delete ${context.resourceGroup}`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This deletes ${context.resourceGroup} and every image, order and log in it. Type its name to go on: `,
  );
  terminal.close();
  return answer.trim() === context.resourceGroup;
}

export async function remove(context: Context, steps: Steps, force: boolean): Promise<string> {
  const agreed = force || (await steps.run('confirm', () => agrees(context)));
  if (!agreed) return 'Nothing was deleted.';
  const did = await steps.run('delete resource group', () => deleteGroup(context));
  return did
    ? `${context.resourceGroup} is gone. Its vault can be recovered for 90 days and keeps its name until then.`
    : `${context.resourceGroup} does not exist.`;
}

function target(all: readonly Release[], timestamp: string | undefined): Release {
  const listed = all.map(({ at, sha256 }) => `  ${at}  ${sha256.slice(0, 12)}`).join('\n');
  const found = timestamp === undefined ? all.at(-2) : all.find(({ at }) => at === timestamp);
  if (!found) {
    const why =
      timestamp === undefined
        ? 'there is no release before the current one'
        : `no release is of ${timestamp}`;
    throw new Error(`${why}; releases, oldest first:\n${listed || '  none'}`);
  }
  return found;
}

/** Publishes an earlier package again. Database and template stay: migrations are made to suit the release before. */
export async function rollback(
  context: Context,
  steps: Steps,
  timestamp: string | undefined,
): Promise<string> {
  const outputs = await steps.run('outputs', () => existing(context));
  const release = await steps.run('find release', async () =>
    target(await releases(context, outputs), timestamp),
  );
  await steps.run(
    'schema',
    () => checkSchema(context, outputs, release),
    (what) => what,
  );
  const zip = await steps.run('fetch release', () => packageOf(context, outputs, release));
  await publishEverywhere(context, outputs, steps, zip, {
    functions: release.functions,
    rollbackOf: release.at,
  });
  return `Every app runs the release of ${release.at} again.`;
}

export async function rotate(context: Context, steps: Steps): Promise<string> {
  const outputs = await steps.run('outputs', () => existing(context));
  await steps.run('signing key', () => rotateSigningKey(context, outputs));
  await steps.run('restart apps', () => restartSigners(context, outputs));
  return 'Image links are signed with a new key; links signed before stay good until the next rotation.';
}

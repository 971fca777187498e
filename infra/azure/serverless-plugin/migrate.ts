import { spawn } from 'node:child_process';
import { apps } from '../template/apps.ts';
import type { Context, Outputs } from './context.ts';
import { signInOfChild } from './credential.ts';

/** What the migrations find in their environment, beside the deployer's own sign-in. */
const migrationEnvironment = (context: Context, outputs: Outputs): Record<string, string> => ({
  DARKROOM_STAGE: context.stage,
  DARKROOM_DATABASE: outputs.database,
  /** App → { name and client id of its identity, services }: each becomes a user with the roles of its services. */
  DARKROOM_DATABASE_USERS: JSON.stringify(
    Object.fromEntries(
      Object.entries(outputs.databaseUsers).map(([app, user]) => [
        app,
        { ...user, services: apps[app as keyof typeof apps].services },
      ]),
    ),
  ),
  DARKROOM_SYNAPSE: outputs.synapse,
  DARKROOM_LAKE_URL: outputs.lakeUrl,
});

/** Runs the migration commands of serverless.yml one after the other; one that fails stops the deployment. */
export async function migrate(context: Context, outputs: Outputs): Promise<number> {
  const commands = [context.settings.migrate].flat();
  for (const command of commands) {
    const signIn = await signInOfChild();
    const code = await new Promise<number>((resolve, reject) => {
      const child = spawn(command, {
        cwd: context.serviceDir,
        shell: true,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ...migrationEnvironment(context, outputs), ...signIn },
      });
      child.once('error', reject);
      child.once('exit', (status, signal) => resolve(status ?? (signal ? 1 : 0)));
    });
    if (code !== 0) throw new Error(`"${command}" ended with exit code ${code}`);
  }
  return commands.length;
}

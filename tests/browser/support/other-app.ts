import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { functionsComponent, platformComponents } from '../../../infra/local/supervisor/components.ts';
import { freePorts } from '../../../infra/local/supervisor/ports.ts';
import { endpointsOf, settingsOf } from '../../../infra/local/supervisor/settings.ts';
import { loadSecrets } from '../../../infra/local/supervisor/state.ts';
import { supervise } from '../../../infra/local/supervisor/supervise.ts';
import type { ServiceName } from '../../../shared/platform/services.ts';
import type { TestStack } from '../../pipeline/support/stack.ts';

/** A function app of those services with hubs and storage of its own, on the database and for the people of a stack. */
export async function startOtherApp(stack: TestStack, services: readonly ServiceName[]) {
  const stateDir = await mkdtemp(`${tmpdir()}/darkroom-other-app-`);
  const ports = { ...stack.ports, ...pick(await freePorts(), 'api', 'blob', 'amqp', 'kafka') };
  const secrets = loadSecrets(stateDir);
  // The database, and so the logins, are the stack's.
  const endpoints = { ...endpointsOf(ports, secrets, stateDir), database: stack.endpoints.database };
  const platform = platformComponents({ stateDir, ports, secrets });
  const silent = () => undefined;
  const storage = supervise(platform.azurite, silent);
  const hubs = supervise(platform['event-hubs'], silent);
  await Promise.all([storage.listening(), hubs.listening()]);
  const settings = { ...settingsOf({ endpoints, ports, secrets, stateDir, services }) };
  const functions = supervise(functionsComponent({ stateDir, ports, secrets }, settings), silent);
  await functions.listening();
  return {
    api: endpoints.api,
    /** It does not come back. */
    stopStorage: () => storage.stop(),
    async stop() {
      await functions.stop();
      await Promise.all([storage.stop(), hubs.stop()]);
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

const pick = <T, K extends keyof T>(from: T, ...names: readonly K[]): Pick<T, K> =>
  Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;

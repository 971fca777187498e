import { settle } from './settle.ts';
import { openCheckpointStore } from './event-hubs/checkpoint-store.ts';
import { makeEventHubOutputs } from './event-hubs/outputs.ts';
import { listen } from './event-hubs/trigger.ts';
import { readHostJson } from './host-json.ts';
import type { SignIn } from './http/pages.ts';
import { startHttpServer } from './http/server.ts';
import { makeInvoke } from './invoke.ts';
import { makeLog, toStandardOutput } from './log.ts';
import { openScheduleMonitor } from './timers/monitor.ts';
import { startTimer } from './timers/trigger.ts';
import { loadFunctionApp, type RegisteredFunction } from './worker.ts';

export interface HostOptions {
  readonly bundle: string;
  readonly hostJson: string;
  readonly pages: string;
  readonly port: number;
  /** Names this host among others that share event hubs; keep it over restarts. */
  readonly instance: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface Host {
  readonly port: number;
  readonly functions: readonly string[];
  close(): Promise<void>;
}

const supported = ['httpTrigger', 'eventHubTrigger', 'timerTrigger'];

const triggerOf = ({ metadata }: RegisteredFunction) =>
  Object.values(metadata.bindings).find(
    ({ direction, type }) => direction === 'in' && /trigger$/i.test(type),
  )!;

/** The API's own issuer and audience sign people in to the console, too. */
function signInOf(environment: NodeJS.ProcessEnv): SignIn | undefined {
  const issuer = environment['DARKROOM_TOKEN_ISSUER'];
  const audience = environment['DARKROOM_TOKEN_AUDIENCE'];
  const currency = environment['DARKROOM_CURRENCY'] ?? 'EUR';
  return issuer === undefined || audience === undefined ? undefined : { issuer, audience, currency };
}

/** Loads the bundle and host.json that Azure would get and runs their functions in this process. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { environment, instance } = options;
  const hostJson = readHostJson(options.hostJson, environment);
  const log = makeLog(hostJson.logging.logLevel, toStandardOutput());
  const app = await loadFunctionApp(options.bundle, log);
  const outputs = makeEventHubOutputs(environment);
  const invoke = makeInvoke({
    app,
    log,
    timeout: hostJson.functionTimeout,
    sendOutputs: (metadata, response) => outputs.send(metadata, response),
  });

  const all = [...app.functions.values()];
  const strange = all.find((target) => !supported.includes(triggerOf(target).type));
  if (strange) {
    throw new Error(
      `${strange.metadata.name} has a ${triggerOf(strange).type}, which this host does not run.`,
    );
  }
  const ofType = (type: string) => all.filter((target) => triggerOf(target).type === type);
  const hubFunctions = ofType('eventHubTrigger');
  const timerFunctions = ofType('timerTrigger');
  const hostStorage = environment['AzureWebJobsStorage'] ?? '';
  if (hostStorage === '' && hubFunctions.length + timerFunctions.length > 0) {
    throw new Error('Set AzureWebJobsStorage: checkpoints and timer schedules are kept there.');
  }

  const { eventHubs, http } = hostJson.extensions;
  const store = hubFunctions.length > 0 ? await openCheckpointStore(hostStorage) : undefined;
  const listeners = hubFunctions.map((target) =>
    listen(target, { options: eventHubs, store: store!, environment, instance, invoke, log }),
  );
  const monitor = timerFunctions.length > 0 ? await openScheduleMonitor(hostStorage) : undefined;
  const timers = await Promise.all(
    timerFunctions.map((target) => startTimer(target, { monitor: monitor!, environment, invoke, log })),
  );
  const server = await startHttpServer({
    app,
    invoke,
    routePrefix: http.routePrefix,
    pages: options.pages,
    signIn: signInOf(environment),
    port: options.port,
  });

  return {
    port: server.port,
    functions: [...app.functions.keys()],
    close: async () => {
      await Promise.all([server, ...listeners, ...timers].map((part) => settle(part.close())));
      await settle(app.runHooks('appTerminate', { hookData: {}, appHookData: {} }));
      await outputs.close();
    },
  };
}

import { dirname } from 'node:path';
import { clockOffset } from '../../../shared/platform/clock-offset.ts';
import { shiftedClock, systemClock, type Clock } from '../../../shared/platform/clock.ts';
import type { FunctionMetadata } from './core-types.ts';
import { openCheckpointStore } from './event-hubs/checkpoint-store.ts';
import { makeEventHubOutputs } from './event-hubs/outputs.ts';
import { listen } from './event-hubs/trigger.ts';
import { readHostJson } from './host-json.ts';
import { readKeys } from './http/keys.ts';
import type { SignIn } from './http/pages.ts';
import { defaultMaxBodyBytes } from './http/request-body.ts';
import { startHttpServer } from './http/server.ts';
import { makeInvoke } from './invoke.ts';
import { makeLog, toStandardOutput } from './log.ts';
import { settle } from './settle.ts';
import { openScheduleMonitor } from './timers/monitor.ts';
import { startTimer, type Timer } from './timers/trigger.ts';
import { openDispatcher } from './worker/dispatcher.ts';

export interface HostOptions {
  readonly bundle: string;
  readonly hostJson: string;
  readonly pages: string;
  /** The host's keys; without the file, nothing that asks for a key is answered. */
  readonly keys: string | undefined;
  readonly port: number;
  /** Names this host among others that share event hubs; keep it over restarts. */
  readonly instance: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Called when the worker ended too often: the process has to end, and be started again. */
  readonly onGiveUp: () => void;
}

export interface Host {
  readonly port: number;
  readonly functions: readonly string[];
  /** Runs the bundle as it is now; what runs already comes to its end in the old one. */
  roll(): Promise<void>;
  /** Takes nothing new, waits for what runs, and ends. */
  close(): Promise<void>;
}

const supported = ['httpTrigger', 'eventHubTrigger', 'timerTrigger'];

const triggerOf = ({ bindings }: FunctionMetadata) =>
  Object.values(bindings).find(({ direction, type }) => direction === 'in' && /trigger$/i.test(type))!;

/** The API's own issuer and audience sign people in to the console, too. */
function signInOf(environment: NodeJS.ProcessEnv): SignIn | undefined {
  const issuer = environment['DARKROOM_TOKEN_ISSUER'];
  const audience = environment['DARKROOM_TOKEN_AUDIENCE'];
  const currency = environment['DARKROOM_CURRENCY'] ?? 'EUR';
  return issuer === undefined || audience === undefined ? undefined : { issuer, audience, currency };
}

/** The system's, moved with the app's own. */
function clockOf(environment: NodeJS.ProcessEnv): Clock {
  const file = environment['DARKROOM_CLOCK_OFFSET_FILE'];
  return file === undefined ? systemClock : shiftedClock(clockOffset(file));
}

function checkTriggers(functions: Iterable<FunctionMetadata>): void {
  for (const target of functions) {
    const { type } = triggerOf(target);
    if (!supported.includes(type))
      throw new Error(`${target.name} has a ${type}, which this host does not run.`);
  }
}

/** Runs the functions of the bundle and host.json that Azure would get, in a worker process of this one. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { environment, instance, bundle } = options;
  const hostJson = readHostJson(options.hostJson, environment);
  const log = makeLog(hostJson.logging.logLevel, toStandardOutput());
  const directory = dirname(options.hostJson);
  const { onGiveUp } = options;
  const dispatcher = await openDispatcher({ bundle, directory, environment, log, onGiveUp });
  const { functions } = dispatcher;
  checkTriggers(functions.values());
  const outputs = makeEventHubOutputs(environment);
  const invoke = makeInvoke({
    dispatcher,
    log,
    timeout: hostJson.functionTimeout,
    sendOutputs: (metadata, response) => outputs.send(metadata, response),
  });

  const ofType = (type: string) =>
    [...functions.values()].filter((target) => triggerOf(target).type === type);
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
  const timers = new Map<string, Timer>();
  for (const target of timerFunctions) {
    timers.set(target.name, await startTimer(target, { monitor: monitor!, environment, invoke, log }));
  }
  const server = await startHttpServer({
    functions,
    invoke,
    keys: readKeys(options.keys),
    runTimer: ({ name }) => timers.get(name)!.runOnDemand(),
    routePrefix: http.routePrefix,
    maxBodyBytes: Number(environment['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'] ?? defaultMaxBodyBytes),
    pages: options.pages,
    signIn: signInOf(environment),
    port: options.port,
    clock: clockOf(environment),
  });

  return {
    port: server.port,
    functions: [...functions.keys()],
    roll: () => dispatcher.roll(),
    close: async () => {
      await Promise.all([server, ...listeners, ...timers.values()].map((one) => settle(one.close())));
      await settle(dispatcher.close());
      await outputs.close();
    },
  };
}

import { describe, expect, test } from '@jest/globals';
import { hosts, type AppName } from '../../infra/azure/template/apps.ts';
import { httpCapacity, maxPostBytes, requestMemory } from '../../infra/azure/template/http-capacity.ts';
import { pieceBytes } from '../../client/piece-bytes.ts';
import { sandboxLimits } from '../../shared/operations/sandbox/limits.ts';
import { requestTimes } from '../../shared/platform/http/limits.ts';
import { ownResidentMb } from '../../shared/images/process/worker-process.ts';
import { stageNames, stageOf } from './support/stages.ts';

const megabyte = 1024 * 1024;
const facing = ['edge', 'desks', 'maintenance'] as const;

interface Site {
  readonly functionAppConfig: {
    readonly scaleAndConcurrency: {
      readonly instanceMemoryMB: number;
      readonly triggers: { readonly http: { readonly perInstanceConcurrency: number } };
    };
  };
  readonly siteConfig: { readonly appSettings: readonly { readonly name: string; readonly value: string }[] };
}

const deployed = (stage: (typeof stageNames)[number]) => stageOf(stage).deploy();

function siteOf(stage: (typeof stageNames)[number], app: AppName) {
  const site = deployed(stage).find(
    ({ type, tags }) =>
      type === 'Microsoft.Web/sites' && (tags as Record<string, string>)['darkroom-app'] === app,
  );
  const { functionAppConfig, siteConfig } = site!['properties'] as Site;
  const settings = Object.fromEntries(siteConfig.appSettings.map(({ name, value }) => [name, value]));
  return { ...functionAppConfig.scaleAndConcurrency, settings };
}

/** `hh:mm:ss` in milliseconds. */
const milliseconds = (span: string): number =>
  span.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;

const cases = stageNames.flatMap((stage) => facing.map((app) => [stage, app] as const));

describe('memory', () => {
  test.each(cases)('of an instance holds every body that it may hold at once (%s, %s)', (stage, app) => {
    const { instanceMemoryMB, triggers, settings } = siteOf(stage, app);
    const bodyMb = Number(settings['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']) / megabyte;
    const { base, copiesOfBody, worker } = requestMemory;
    const eachMb = copiesOfBody * bodyMb + worker[app];
    expect(triggers.http).toEqual({ perInstanceConcurrency: httpCapacity[app].perInstanceConcurrency });
    expect(base[app] + triggers.http.perInstanceConcurrency * eachMb).toBeLessThanOrEqual(instanceMemoryMB);
  });
});

describe('sizes', () => {
  test.each(stageNames)('one POST is refused by our code, not by the host (%s)', (stage) => {
    const { settings } = siteOf(stage, 'edge');
    expect(Number(settings['DARKROOM_MAX_UPLOAD_BYTES'])).toBe(maxPostBytes);
    expect(maxPostBytes).toBeLessThan(Number(settings['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']));
  });

  test.each(stageNames)('so is a photo for the sandbox, for which there are two workers (%s)', (stage) => {
    const { settings, instanceMemoryMB, triggers } = siteOf(stage, 'maintenance');
    const bodyBytes = Number(settings['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']);
    expect(sandboxLimits.maxPhotoBytes).toBeLessThan(bodyBytes);
    const { base, copiesOfBody, worker } = requestMemory;
    const eachMb = (copiesOfBody * bodyBytes) / megabyte + worker.maintenance;
    const requestsMb = base.maintenance + triggers.http.perInstanceConcurrency * eachMb;
    // One works while the other waits.
    const workersMb = 2 * ownResidentMb + Number(settings['DARKROOM_PROCESSING_MEMORY_MB']);
    const storedMb = sandboxLimits.maxStoredBytes / megabyte;
    expect(requestsMb + workersMb + storedMb).toBeLessThanOrEqual(instanceMemoryMB);
  });

  test('our clients send pieces that every host takes', () => {
    expect(pieceBytes).toBeLessThanOrEqual(maxPostBytes);
  });
});

describe('times', () => {
  // DefaultHttpProxyService of the host waits 240 s; Front Door takes at most that.
  test.each(stageNames)(
    'end in the order of who knows more: our code, the edge, the proxy, the host (%s)',
    (stage) => {
      const [profile] = deployed(stage).filter(({ type }) => type === 'Microsoft.Cdn/profiles');
      const { originResponseTimeoutSeconds } = profile!['properties'] as {
        originResponseTimeoutSeconds: number;
      };
      expect(originResponseTimeoutSeconds).toBe(requestTimes.edgeSeconds);
      for (const app of ['edge', 'desks'] as const) {
        const timeout = siteOf(stage, app).settings['AzureFunctionsJobHost__functionTimeout'];
        const order = [
          requestTimes.invocationMs,
          requestTimes.edgeSeconds * 1000,
          240_000,
          milliseconds(timeout!),
        ];
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(new Set(order).size).toBe(order.length);
      }
    },
  );

  test('of apps that run timers and batches are those of host.json', () => {
    const settings = siteOf('prod', 'pipeline').settings;
    expect(hosts('pipeline', 'processing')).toBe(true);
    expect(settings).not.toHaveProperty('AzureFunctionsJobHost__functionTimeout');
  });
});

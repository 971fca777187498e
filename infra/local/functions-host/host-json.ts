import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** `hh:mm:ss` (or `d.hh:mm:ss`) in milliseconds. */
const timeSpan = z.string().transform((text, context) => {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/.exec(text);
  if (!match) {
    context.addIssue(`"${text}" is not a time span (hh:mm:ss)`);
    return z.NEVER;
  }
  const [days, hours, minutes, seconds] = match
    .slice(1, 5)
    .map((part: string | undefined) => Number(part ?? 0));
  const fraction = Number(`0.${match[5] ?? '0'}`);
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds! + fraction) * 1000;
});

const count = z.coerce.number().int().positive();

/** What this host honours of host.json; defaults are those of the Event Hubs extension 5 and later. */
const schema = z.object({
  version: z.literal('2.0'),
  functionTimeout: timeSpan.prefault('00:30:00'),
  logging: z.object({ logLevel: z.record(z.string(), z.string()).default({}) }).prefault({}),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      eventHubs: z
        .object({
          maxEventBatchSize: count.default(100),
          minEventBatchSize: count.default(1),
          maxWaitTime: timeSpan.prefault('00:01:00'),
          batchCheckpointFrequency: count.default(1),
          prefetchCount: count.default(300),
          initialOffsetOptions: z
            .object({ type: z.enum(['fromStart', 'fromEnd']).default('fromStart') })
            .prefault({}),
          loadBalancingUpdateInterval: timeSpan.prefault('00:00:10'),
          partitionOwnershipExpirationInterval: timeSpan.prefault('00:01:00'),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type HostJson = z.infer<typeof schema>;
export type EventHubsOptions = HostJson['extensions']['eventHubs'];

const overridePrefix = 'AzureFunctionsJobHost__';

/** App settings `AzureFunctionsJobHost__a__b` override `a.b` of host.json, as in Azure. */
function withOverrides(json: Record<string, unknown>, environment: NodeJS.ProcessEnv) {
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(overridePrefix)) continue;
    const path = name.slice(overridePrefix.length).split('__');
    const last = path.pop()!;
    let at = json;
    for (const key of path) at = (at[key] ??= {}) as Record<string, unknown>;
    at[last] = value;
  }
  return json;
}

export function readHostJson(file: string, environment: NodeJS.ProcessEnv): HostJson {
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const result = schema.safeParse(withOverrides(json, environment));
  if (!result.success) throw new Error(`${file} is not valid:\n${z.prettifyError(result.error)}`);
  return result.data;
}

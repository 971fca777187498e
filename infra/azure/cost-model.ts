/**
 * The arithmetic of docs/costs.md: `node infra/azure/cost-model.ts --write` brings its tables up to date; a test holds
 * them so. Prices are list prices in USD (West Europe, early 2026, rounded): look yours up and change them here.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serverlessYml } from './stage-parameters.ts';
import type { AppName } from './template/apps.ts';
import { probeSeconds, publicApps } from './template/front-door.ts';

const hoursAMonth = 730;
const daysAMonth = 30.4;

interface Line {
  readonly what: string;
  readonly sum: string;
  readonly usd: number;
}

const line = (what: string, sum: string, usd: number): Line => ({ what, sum, usd });

/** Private endpoints of prod; a test counts them in the template. */
export const privateEndpoints = 17;

const secondsAMonth = hoursAMonth * 3600;
const alwaysReadyUsd = 0.000004;

/** Flex Consumption scales HTTP functions of an app together and every other function by itself. */
const groupsOf = (app: AppName): number => {
  const mine = Object.entries(serverlessYml.functions).filter(([, one]) => one.app.split(', ').includes(app));
  return new Set(mine.map(([name, { events }]) => (events.some((event) => 'http' in event) ? 'http' : name)))
    .size;
};

/** A zone-redundant app keeps two instances of each group ready, asked for or not; one that stands by keeps none. */
const alwaysReady: readonly Line[] = (
  [
    { app: 'edge', gb: 2, regions: 2 },
    { app: 'desks', gb: 0.5, regions: 2 },
    { app: 'pipeline', gb: 4, regions: 1 },
    { app: 'maintenance', gb: 2, regions: 1 },
  ] as const
).map(({ app, gb, regions }) =>
  line(
    `Always ready, zone-redundant: ${app}, ${groupsOf(app)} group${groupsOf(app) > 1 ? 's' : ''}, ${regions} region${regions > 1 ? 's' : ''}`,
    `2 × ${groupsOf(app)} × ${gb} GB × ${regions} × ${secondsAMonth.toLocaleString('en').replaceAll(',', ' ')} s × ${alwaysReadyUsd.toFixed(6)}`,
    2 * groupsOf(app) * gb * regions * secondsAMonth * alwaysReadyUsd,
  ),
);

/** Each of Front Door's places asks each origin of a group that has two of them; a stage in one region is not probed. */
const edgePlaces = 192;
const probes = (edgePlaces / probeSeconds) * secondsAMonth * publicApps.length * 2;
/** An execution is billed as 0.1 s at least, here of 1 GB on the average. */
const probeUsd = 0.0000004 + 0.1 * 0.000016;

/** What a stage costs a month while nobody uses it. */
export const idle: Readonly<Record<'dev' | 'prod', readonly Line[]>> = {
  dev: [
    line('Front Door Standard', '35', 35),
    line('Event Hubs, 1 unit', '730 h × 0.03', hoursAMonth * 0.03),
    line(
      'SQL serverless, awake (the purge asks it every 5 minutes)',
      '0.5 vCore × 730 h × 0.52',
      0.5 * hoursAMonth * 0.52,
    ),
    line('SQL storage', '32 GB × 0.12', 32 * 0.12),
    line('Function apps', 'timers only, inside the free grant', 0),
    line('Logs', '1 GB × 2.76', 2.76),
    line('Alerts, vault, storage', 'about', 6),
  ],
  prod: [
    line('Front Door Premium', '330', 330),
    line('Event Hubs, 2 namespaces, 1 unit each', '2 × 730 h × 0.03', 2 * hoursAMonth * 0.03),
    line(
      'SQL Hyperscale: 4 vCores, replica, geo-pair of both',
      '4 × 4 vCores × 730 h × 0.18',
      16 * hoursAMonth * 0.18,
    ),
    line('SQL storage', '2 × 50 GB × 0.25', 25),
    line('Private endpoints', `${privateEndpoints} × 730 h × 0.01`, privateEndpoints * hoursAMonth * 0.01),
    ...alwaysReady,
    line(
      'Health probes: HEAD /api/health/live, every origin from every edge',
      `${edgePlaces} ÷ ${probeSeconds} s × ${secondsAMonth.toLocaleString('en').replaceAll(',', ' ')} s × ${publicApps.length} × 2 × (0.0000004 + 0.1 GB-s × 0.000016)`,
      probes * probeUsd,
    ),
    line('Logs', '10 GB × 2.76', 27.6),
    line('Alerts, keys, DNS zones, storage', 'about', 20),
  ],
};

interface PerImage {
  /** GB-months of seven days of original and derivatives. */
  readonly storage: number;
  readonly operations: number;
  readonly functions: number;
  readonly delivery: number;
  readonly logs: number;
}

/** An image of 2.5 MB with 0.6 MB of derivatives, seen five times at 100 KB; processing takes half a second. */
const perImage = (storageGbMonth: number, writes10k: number): PerImage => ({
  storage: (3.1 / 1024) * (7 / daysAMonth) * storageGbMonth,
  operations: (10 / 10_000) * writes10k,
  functions: (0.5 + 0.2 + 0.5) * 2 * 0.000026 + 4 * 0.0000004,
  delivery: ((5 * 0.1) / 1024) * 0.083 + (5 / 10_000) * 0.009,
  logs: (5 / 1024 / 1024) * 2.76,
});

const variable = { dev: perImage(0.019, 0.054), prod: perImage(0.046, 0.13) } as const;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const total = (stage: 'dev' | 'prod'): number => sum(idle[stage].map(({ usd }) => usd));
const each = (stage: 'dev' | 'prod'): number => sum(Object.values(variable[stage]));

/** Throughput units beyond the first, when all images come by Kafka, in a peak of four times the mean. */
const moreUnits = (images: number): number =>
  Math.max(0, Math.ceil((images * 2.5 * 4) / 86_400) - 1) * hoursAMonth * 0.03;

const usd = (value: number): string =>
  value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en');
const table = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `| ${row.join(' | ')} |`).join('\n');

function idleTable(stage: 'dev' | 'prod'): string {
  const rows = idle[stage].map(({ what, sum: how, usd: value }) => [what, how, usd(value)]);
  return table([
    ['what', 'arithmetic', 'USD a month'],
    ['---', '---', '--:'],
    ...rows,
    ['**together**', '', usd(total(stage))],
  ]);
}

function imageTable(): string {
  const names = Object.keys(variable.dev) as (keyof PerImage)[];
  const rows = names.map((name) => [
    name,
    (variable.dev[name] * 1e6).toFixed(0),
    (variable.prod[name] * 1e6).toFixed(0),
  ]);
  const last = ['**together**', (each('dev') * 1e6).toFixed(0), (each('prod') * 1e6).toFixed(0)];
  return table([['USD for a million images', 'dev', 'prod'], ['---', '--:', '--:'], ...rows, last]);
}

function volumeTable(): string {
  const rows = [0, 100, 1000, 10_000, 100_000, 1_000_000].map((images) => [
    images.toLocaleString('en'),
    ...(['dev', 'prod'] as const).flatMap((stage) => {
      const used = images * daysAMonth * each(stage);
      return [usd(used), usd(total(stage) + used)];
    }),
    usd(moreUnits(images)),
  ]);
  return table([
    ['images a day', 'dev: by use', 'dev: all', 'prod: by use', 'prod: all', 'more units if all by Kafka'],
    ['--:', '--:', '--:', '--:', '--:', '--:'],
    ...rows,
  ]);
}

/** The tables, by the comment that marks their place in docs/costs.md. */
export const costTables: Readonly<Record<string, string>> = {
  'idle-dev': idleTable('dev'),
  'idle-prod': idleTable('prod'),
  image: imageTable(),
  volume: volumeTable(),
};

if (import.meta.main && process.argv.includes('--write')) {
  const file = fileURLToPath(new URL('../../docs/costs.md', import.meta.url));
  const text = Object.entries(costTables).reduce(
    (all, [name, content]) =>
      all.replace(new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- end -->)`), `$1\n\n${content}\n\n$2`),
    readFileSync(file, 'utf8'),
  );
  writeFileSync(file, text);
}

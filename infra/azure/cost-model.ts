/**
 * The arithmetic of docs/costs.md: `node infra/azure/cost-model.ts --write` brings its tables up to date; a test holds
 * them so. Prices are list prices in USD (West Europe, early 2026, rounded): look yours up and change them here.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { changeMinutes, idleHours } from './database-hours.ts';
import { idleOf, promiseCosts, totalOf, type Line } from './idle-cost.ts';
import { stageParameters } from './stage-parameters.ts';

const hoursAMonth = 730;
const daysAMonth = 30.4;

type StageName = 'dev' | 'prod' | 'dr';

/** What a stage costs a month while nobody uses it. */
export const idle: Readonly<Record<StageName, readonly Line[]>> = {
  dev: idleOf(stageParameters('dev')),
  prod: idleOf(stageParameters('prod')),
  dr: idleOf(stageParameters('dr')),
};

interface PerImage {
  /** GB-months of seven days of original and derivatives. */
  readonly storage: number;
  readonly operations: number;
  readonly functions: number;
  readonly delivery: number;
  readonly logs: number;
}

/** An image of 2.5 MB with 0.6 MB of derivatives, seen five times at 100 KB; processing takes half a second, as does the upload. */
const perImage = (storageGbMonth: number, writes10k: number, pipelineGb: number): PerImage => ({
  storage: (3.1 / 1024) * (7 / daysAMonth) * storageGbMonth,
  operations: (10 / 10_000) * writes10k,
  functions: (0.5 * 2 + (0.2 + 0.5) * pipelineGb) * 0.000026 + 4 * 0.0000004,
  delivery: ((5 * 0.1) / 1024) * 0.083 + (5 / 10_000) * 0.009,
  logs: (5 / 1024 / 1024) * 2.76,
});

const variable = { dev: perImage(0.019, 0.054, 2), prod: perImage(0.046, 0.13, 4) } as const;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const total = (stage: StageName): number => totalOf(idle[stage]);
const each = (stage: 'dev' | 'prod'): number => sum(Object.values(variable[stage]));

/** Throughput units beyond the first, when all images come by Kafka, in a peak of four times the mean. */
const moreUnits = (images: number): number =>
  Math.max(0, Math.ceil((images * 2.5 * 4) / 86_400) - 1) * hoursAMonth * 0.03;

const usd = (value: number): string =>
  value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en');
const table = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `| ${row.join(' | ')} |`).join('\n');

function idleTable(stage: StageName): string {
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
  // An execution is billed as a second at least: upload, stream and processing of an image that comes by itself are three.
  const alone = (pipelineGb: number) => ((1 * 2 + 2 * pipelineGb) * 0.000026 * 1e6 + 4 * 0.4).toFixed(0);
  const single = ['functions, where each image comes by itself', alone(2), alone(4)];
  return table([['USD for a million images', 'dev', 'prod'], ['---', '--:', '--:'], ...rows, last, single]);
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

/** What dev's database costs by when it is asked: it is awake then, and until it pauses. */
function awakeTable(): string {
  const pauseMinutes = Number(stageParameters('dev')['sqlAutoPauseMinutes']);
  const hourly = 0.5 * 0.52;
  const nobody = idleHours(pauseMinutes);
  const image = (2 * changeMinutes * daysAMonth) / 60;
  const workdays = (8 + (changeMinutes + pauseMinutes) / 60) * (5 / 7) * daysAMonth;
  const rows = [
    ['nobody', `(5 + ${pauseMinutes}) min a day`, nobody],
    ['somebody uploads an image a day', `2 × ${changeMinutes} min a day more`, nobody + image],
    [
      'people, eight hours of five days a week',
      `${((workdays * 7) / 5 / daysAMonth).toFixed(1)} h of each`,
      nobody + workdays,
    ],
    ['somebody all the time', 'always', hoursAMonth],
  ] as const;
  return table([
    ['who asks it', 'awake', 'hours a month', 'USD a month'],
    ['---', '---', '--:', '--:'],
    ...rows.map(([who, how, hours]) => [who, how, hours.toFixed(0), usd(hours * hourly)]),
  ]);
}

/** Images a day that the budget of a stage leaves room for; dr is there for an afternoon. */
const expectedImages: Readonly<Record<StageName, number>> = { dev: 1000, prod: 10_000, dr: 0 };

/** A twentieth over what the stage costs with the images that are expected, in steps of 25: `monthlyBudget` is this. */
export const budgetOf = (stage: StageName): number => {
  const used = expectedImages[stage] * daysAMonth * each(stage === 'prod' ? 'prod' : 'dev');
  return Math.ceil(((total(stage) + used) * 1.05) / 25) * 25;
};

const promiseTable = (): string =>
  table([
    ['prod pays for', 'USD a month', 'turned off by', 'what is lost'],
    ['---', '--:', '---', '---'],
    ...promiseCosts().map(({ what, usd: saved, set, loses }) => [what, usd(saved), set, loses]),
  ]);

/** The tables, by the comment that marks their place in docs/costs.md. */
export const costTables: Readonly<Record<string, string>> = {
  'idle-dev': idleTable('dev'),
  'idle-prod': idleTable('prod'),
  'idle-dr': idleTable('dr'),
  awake: awakeTable(),
  promises: promiseTable(),
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

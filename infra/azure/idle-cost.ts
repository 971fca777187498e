import { serverlessYml, stageParameters, type Scalars } from './stage-parameters.ts';
import { dailyQuestionMinutes, idleHours } from './database-hours.ts';
import { alerts } from './template/alerts.ts';
import type { AppName } from './template/apps.ts';
import { probeSeconds, publicApps } from './template/front-door.ts';

export interface Line {
  readonly what: string;
  readonly sum: string;
  readonly usd: number;
}

const line = (what: string, sum: string, usd: number): Line => ({ what, sum, usd });

const hoursAMonth = 730;
const secondsAMonth = hoursAMonth * 3600;
const seconds = secondsAMonth.toLocaleString('en').replaceAll(',', ' ');
const alwaysReadyUsd = 0.000004;
/** A GB-second of an instance while it executes, on demand and one that is always ready; and an execution. */
const onDemandUsd = 0.000026;
const readyBusyUsd = 0.000016;
const executionUsd = 0.0000004;
/** On demand only, for a subscription. */
const free = { gbSeconds: 100_000, executions: 250_000 } as const;

/** Private endpoints that a stage has once (images, twice the lake, two vaults, Synapse) and in each of its regions. */
const endpointsOnce = 6;
const endpointsARegion = 7;
export const privateEndpoints = (regions: number): number => endpointsOnce + regions * endpointsARegion;

/** Flex Consumption scales HTTP functions of an app together and every other function by itself. */
const groupsOf = (app: AppName): number => {
  const mine = Object.entries(serverlessYml.functions).filter(([, one]) => one.app.split(', ').includes(app));
  return new Set(mine.map(([name, { events }]) => (events.some((event) => 'http' in event) ? 'http' : name)))
    .size;
};

interface Stage {
  readonly regions: 1 | 2;
  readonly zones: boolean;
  readonly network: boolean;
  readonly ownKeys: boolean;
  /** Kept long because it is worked with: it logs more, too. */
  readonly busy: boolean;
  readonly premium: boolean;
  readonly hyperscale: boolean;
  readonly cores: number;
  /** Undefined when it never does. */
  readonly pauseMinutes: number | undefined;
  readonly sqlGb: number;
  readonly alertMinutes: number;
  readonly warm: number;
  readonly pipelineGb: number;
}

const stageOf = (given: Scalars): Stage => ({
  regions: given['secondaryLocation'] === '' ? 1 : 2,
  zones: given['zoneRedundant'] === true,
  network: given['privateNetwork'] === true,
  ownKeys: given['customerManagedKeys'] === true,
  busy: Number(given['logRetentionDays']) > 30,
  premium: String(given['frontDoorSku']).startsWith('Premium'),
  hyperscale: given['sqlTier'] === 'hyperscale',
  cores: Number(given['sqlMaximumCores']),
  pauseMinutes:
    given['sqlAutoPauseMinutes'] === -1 || given['secondaryLocation'] !== ''
      ? undefined
      : Number(given['sqlAutoPauseMinutes']),
  sqlGb: Number(given['sqlMaximumGb']),
  alertMinutes: Number(given['logAlertMinutes']),
  warm: Number(given['alwaysReadyInstances']),
  pipelineGb: Number(given['pipelineMemoryMb']) / 1024,
});

/**
 * A zone-redundant app keeps two instances of each group ready, asked for or not; one that stands by keeps none. What answers
 * people is kept warm where the stage asks for it.
 */
function alwaysReady({ zones, warm, regions, pipelineGb }: Stage): Line[] {
  const apps = [
    { app: 'edge', gb: 2, everywhere: true },
    { app: 'desks', gb: 0.5, everywhere: true },
    { app: 'pipeline', gb: pipelineGb, everywhere: false },
    { app: 'maintenance', gb: 2, everywhere: false },
  ] as const;
  return apps.flatMap(({ app, gb, everywhere }) => {
    const groups = zones ? groupsOf(app) : 1;
    const instances = Math.max(zones ? 2 : 0, everywhere ? warm : 0);
    const places = everywhere ? regions : 1;
    if (instances === 0) return [];
    return line(
      `Always ready${zones ? ', zone-redundant' : ''}: ${app}, ${groups} group${groups > 1 ? 's' : ''}, ${places} region${places > 1 ? 's' : ''}`,
      `${instances} × ${groups} × ${gb} GB × ${places} × ${seconds} s × ${alwaysReadyUsd.toFixed(6)}`,
      instances * groups * gb * places * secondsAMonth * alwaysReadyUsd,
    );
  });
}

function database({ hyperscale, cores, regions, pauseMinutes, sqlGb }: Stage): Line[] {
  if (hyperscale)
    return [
      line(
        `SQL Hyperscale: ${cores} vCores, replica${regions > 1 ? ', geo-pair of both' : ''}`,
        `${2 * regions} × ${cores} vCores × ${hoursAMonth} h × 0.18`,
        2 * regions * cores * hoursAMonth * 0.18,
      ),
      line('SQL storage', `${regions} × 50 GB × 0.25`, regions * 50 * 0.25),
    ];
  const each = regions > 1 ? `${regions} × ` : '';
  const compute =
    pauseMinutes === undefined
      ? line(
          'SQL serverless, never paused',
          `${each}0.5 vCore × ${hoursAMonth} h × 0.52`,
          regions * 0.5 * hoursAMonth * 0.52,
        )
      : line(
          'SQL serverless, awake once a day',
          `0.5 vCore × 30.4 × (${dailyQuestionMinutes} + ${pauseMinutes}) min ÷ 60 × 0.52`,
          0.5 * idleHours(pauseMinutes) * 0.52,
        );
  return [compute, line('SQL storage', `${each}${sqlGb} GB × 0.12`, regions * sqlGb * 0.12)];
}

/** Runs of a schedule a month: seconds, minutes and hours, each one number, every so many, or all. */
function runsAMonth(schedule: string): number {
  const [second = '', minute = '', hour = ''] = schedule.split(' ');
  const times = (field: string, all: number): number =>
    field === '*' ? all : field.startsWith('*/') ? all / Number(field.slice(2)) : field.split(',').length;
  return times(second, 60) * times(minute, 60) * times(hour, 24) * (hoursAMonth / 24);
}

const timersOf = (app: AppName): number =>
  Object.values(serverlessYml.functions)
    .filter((one) => one.app.split(', ').includes(app))
    .flatMap(({ events }) => events)
    .flatMap((event) => ('timer' in event ? [(event['timer'] as { schedule: string }).schedule] : []))
    .reduce((sum, schedule) => sum + runsAMonth(schedule), 0);

/** An execution is billed as a second at least; the timers of an idle stage take less (Microsoft's page on Flex Consumption). */
function timers({ zones, pipelineGb }: Stage): Line {
  const [pipeline, maintenance] = [Math.round(timersOf('pipeline')), Math.round(timersOf('maintenance'))];
  const [executions, gbSeconds] = [pipeline + maintenance, pipeline * pipelineGb + maintenance * 2];
  const sum = `(${pipeline} × 1 s × ${pipelineGb} GB + ${maintenance} × 1 s × 2 GB`;
  // Instances that are always ready have no free grant.
  return zones
    ? line(
        'Timers, on instances that are ready',
        `${sum}) × 0.000016`,
        gbSeconds * readyBusyUsd + executions * executionUsd,
      )
    : line(
        'Timers',
        `${sum} − 100 000 free) × 0.000026`,
        Math.max(0, gbSeconds - free.gbSeconds) * onDemandUsd +
          Math.max(0, executions - free.executions) * executionUsd,
      );
}

/** What a rule over logs costs, by how often it is evaluated; one over a metric costs the same whatever. */
const logAlertUsd = (everyMinutes: number): number => (everyMinutes < 10 ? 1.5 : everyMinutes < 15 ? 1 : 0.5);
const metricAlertUsd = 0.1;

function alerting({ alertMinutes }: Stage): Line {
  const ofLogs = alerts.filter(({ kind }) => kind === 'logs');
  const often = ofLogs.filter(({ everyMinutes }) => logAlertUsd(Math.max(everyMinutes, alertMinutes)) > 0.5);
  const metrics = alerts.length - ofLogs.length;
  const seldom = ofLogs.length - often.length;
  return line(
    'Alerts',
    `${often.length > 0 ? `${often.length} × ${logAlertUsd(alertMinutes).toFixed(2)} + ` : ''}${seldom} × 0.50 + ${metrics} × 0.10`,
    often.length * logAlertUsd(alertMinutes) + seldom * 0.5 + metrics * metricAlertUsd,
  );
}

/** Each of Front Door's places asks each origin of a group that has two of them; a stage in one region is not probed. */
const edgePlaces = 192;
/** Of an instance that answers people: edge, desks and maintenance. */
const publicGb = 2 + 0.5 + 2;

/** The share of the time that an instance executes, when they come at random and each counts for a second. */
const busyShare = (perSecond: number): number => 1 - Math.exp(-perSecond);

function probes({ regions, zones, warm }: Stage): Line[] {
  if (regions === 1) return [];
  const count = (edgePlaces / probeSeconds) * secondsAMonth * publicApps.length * regions;
  const share = busyShare(edgePlaces / probeSeconds);
  const rate = zones || warm > 0 ? readyBusyUsd : onDemandUsd;
  return [
    line(
      'Health probes: HEAD /api/health/live, every origin from every edge',
      `${edgePlaces} ÷ ${probeSeconds} s × ${seconds} s × ${publicApps.length} × ${regions} × 0.0000004 + ${regions} × ${publicGb} GB × ${share.toFixed(2)} × ${seconds} s × ${rate.toFixed(6)}`,
      count * executionUsd + regions * publicGb * share * secondsAMonth * rate,
    ),
  ];
}

/** What a stage costs a month while nobody uses it, line by line. */
export function idleOf(given: Scalars): readonly Line[] {
  const stage = stageOf(given);
  const { regions, network, premium, busy, ownKeys } = stage;
  const ready = alwaysReady(stage);
  const endpoints = privateEndpoints(regions);
  return [
    premium ? line('Front Door Premium', '330', 330) : line('Front Door Standard', '35', 35),
    regions > 1
      ? line('Event Hubs, 2 namespaces, 1 unit each', `2 × ${hoursAMonth} h × 0.03`, 2 * hoursAMonth * 0.03)
      : line('Event Hubs, 1 unit', `${hoursAMonth} h × 0.03`, hoursAMonth * 0.03),
    ...database(stage),
    ...(network
      ? [line('Private endpoints', `${endpoints} × ${hoursAMonth} h × 0.01`, endpoints * hoursAMonth * 0.01)]
      : []),
    ...ready,
    timers(stage),
    ...probes(stage),
    busy ? line('Logs', '10 GB × 2.76', 27.6) : line('Logs', '1 GB × 2.76', 2.76),
    alerting(stage),
    ownKeys ? line('Keys, DNS zones, storage', 'about', 14) : line('Vault, storage', 'about', 1.5),
  ];
}

export const totalOf = (lines: readonly Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

interface Promised {
  readonly what: string;
  readonly set: Scalars;
  /** What is off already when this one is turned off. */
  readonly without?: Scalars;
  readonly loses: string;
}

/** What prod pays for, what turns it off, and what is lost with it. */
const promises: readonly Promised[] = [
  {
    what: 'zones',
    set: { zoneRedundant: false },
    loses: 'a lost zone stops the stage until Azure has moved it',
  },
  {
    what: 'the second region',
    set: { secondaryLocation: '' },
    loses: 'restores instead of failovers; images are lost with the region',
  },
  {
    what: 'private endpoints',
    set: { privateNetwork: false },
    loses: 'only identities protect the stores',
  },
  {
    what: 'a warm start for people',
    set: { alwaysReadyInstances: 0 },
    without: { zoneRedundant: false, secondaryLocation: '' },
    loses:
      'the first request after a pause waits for a start; with two regions, probes keep an instance running anyway',
  },
  {
    what: 'Front Door Premium',
    set: { frontDoorSku: 'Standard_AzureFrontDoor' },
    loses: 'no managed firewall rules',
  },
  {
    what: 'a read replica, and growth past 4 TB',
    set: { sqlTier: 'serverless' },
    loses: 'analytics reads the primary; large reports slow the desks',
  },
];

/** What turning each promise of prod off saves a month. */
export const promiseCosts = () =>
  promises.map(({ what, set, without = {}, loses }) => {
    const before = totalOf(idleOf(stageParameters('prod', without)));
    const after = totalOf(idleOf(stageParameters('prod', { ...without, ...set })));
    const settings = Object.entries({ ...set, ...without });
    return {
      what,
      usd: before - after,
      set: settings.map(([name, value]) => `\`${name}: ${value === '' ? "''" : value}\``).join(', '),
      loses,
    };
  });

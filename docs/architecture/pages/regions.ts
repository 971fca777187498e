import { containers } from '../../../shared/platform/blobs/containers.ts';
import type { AppName } from '../../../infra/azure/template/apps.ts';
import { apps, oneRegionOnly } from '../../../infra/azure/template/apps.ts';
import { app, box } from '../nodes.ts';
import type { At, Edge, Node, Page } from '../types.ts';

const { lake, ...ofImages } = containers;
const images = Object.values(ofImages).join(', ');

/** The apps of a region; those that must run in one region at a time say so in the second. */
const order: readonly AppName[] = ['edge', 'desks', 'pipeline', 'maintenance'];
const appsAt = (x: number, second: boolean): Node[] =>
  order.map((name, index) => {
    const at: At = [x + (index % 2) * 300, 380 + Math.floor(index / 2) * 110, 270, 80];
    const line = second && oneRegionOnly.has(name) ? 'stopped until failedOver' : 'running';
    return app(name, apps[name].services, at, [line], `${name} app${second ? ' 2' : ''}`);
  });

const across = (from: string, to: string, label: string, step?: string): Edge => ({
  from,
  to,
  label,
  leave: 'right',
  enter: 'left',
  ...(step === undefined ? {} : { step }),
});

/** What stands twice, what ties the two together, and what a failover moves. */
export const regionPair: Page = {
  id: 'regions',
  title: 'Darkroom 4: regions and disaster recovery (stage prod)',
  legend:
    'R1 to R5 are the steps of a failover in docs/disaster-recovery.md. A stage without a secondaryLocation has the left half only.',
  zones: [
    { id: 'zone-primary', name: 'Primary region: location', at: [45, 335, 640, 790], tone: 'plain' },
    {
      id: 'zone-secondary',
      name: 'Paired region: secondaryLocation',
      at: [965, 335, 640, 790],
      tone: 'plain',
    },
  ],
  nodes: [
    box('person', 'BROWSER, API, CLI', 'People', [740, 60, 170, 60]),
    box('outside', 'WEB APPLICATION', 'Kafka producers', [960, 60, 230, 60], ['to the alias']),
    box(
      'network',
      'GLOBAL',
      'Front Door',
      [710, 180, 230, 100],
      ['probes /api/health of both;', 'priority 1 is the active region;', 'console and variants cached'],
    ),
    box('platform', 'GLOBAL', 'Entra ID', [380, 190, 270, 70], ['tokens, groups, identities']),
    box('platform', 'GLOBAL', 'Private DNS zones', [1000, 190, 270, 70], ['linked to both networks']),
    ...appsAt(80, false),
    ...appsAt(1000, true),

    box(
      'hub',
      'EVENT HUBS',
      'namespace',
      [380, 610, 270, 80],
      ['four hubs, zone redundant'],
      [],
      'namespace 1',
    ),
    box(
      'hub',
      'EVENT HUBS',
      'namespace 2',
      [1000, 610, 270, 80],
      ['same names, no events', 'until the alias moves'],
    ),
    box(
      'database',
      'AZURE SQL',
      'server',
      [380, 710, 270, 90],
      ['Hyperscale, zones, read replica', 'backups by geo'],
      [],
      'server 1',
    ),
    box('database', 'AZURE SQL', 'server 2', [1000, 710, 270, 90], ['geo-replica']),
    box(
      'container',
      'IMAGE STORAGE, LAKE',
      `${images}, ${lake}`,
      [80, 820, 570, 80],
      ['read-access geo-zone-redundant'],
      Object.values(containers).map((one) => `container:${one}`),
      'stores',
    ),
    box(
      'container',
      'COPY BY AZURE',
      'the same accounts',
      [1000, 820, 270, 80],
      ['read-only until failover'],
    ),
    box('platform', 'KEY VAULT', 'vault', [380, 930, 270, 60], ['copied by Azure']),
    box('platform', 'KEY VAULT', 'vault, copied', [1000, 930, 270, 60], ['read-only while failed over']),
    box(
      'network',
      'VIRTUAL NETWORK 10.70/16',
      'network',
      [380, 1030, 270, 70],
      ['a subnet an app, endpoints, agents'],
    ),
    box('network', 'VIRTUAL NETWORK 10.71/16', 'network 2', [1000, 1030, 270, 70], ['the same subnets']),
    box(
      'container',
      'HOST STORAGE',
      'one account an app',
      [80, 610, 270, 80],
      ['package, leases, checkpoints'],
      [],
      'host storage',
    ),
    box(
      'container',
      'HOST STORAGE',
      'one account an app',
      [1300, 610, 270, 80],
      ['own packages and checkpoints'],
      [],
      'host storage 2',
    ),
    box('platform', 'SYNAPSE', 'serverless SQL', [80, 930, 270, 60], ['reads the lake']),
    box('container', 'WEB STORAGE', 'console, releases', [80, 1020, 270, 80], ['rebuilt by a deployment']),
  ],
  edges: [
    { from: 'People', to: 'Front Door' },
    { from: 'Kafka producers', to: 'namespace 1', leave: 'bottom', enter: 'right' },
    { from: 'Front Door', to: 'desks app', label: 'priority 1', leave: 'bottom', enter: 'top' },
    { from: 'Front Door', to: 'edge app', leave: 'bottom', enter: 'top' },
    { from: 'Front Door', to: 'maintenance app', leave: 'bottom', enter: 'right' },
    {
      from: 'Front Door',
      to: 'edge app 2',
      step: 'R4',
      label: 'priority 2',
      dashed: true,
      leave: 'bottom',
      enter: 'top',
    },
    { from: 'Front Door', to: 'desks app 2', dashed: true, leave: 'bottom', enter: 'top' },
    { from: 'Front Door', to: 'maintenance app 2', dashed: true, leave: 'bottom', enter: 'top' },
    across('namespace 1', 'namespace 2', 'alias: names and settings', 'R2'),
    across('server 1', 'server 2', 'failover group, ~5 s', 'R1'),
    across('stores', 'the same accounts', 'copied, ~15 minutes', 'R3'),
    across('vault', 'vault, copied', 'copied by Azure'),
    { from: 'network', to: 'network 2', label: 'peering', both: true },
    { from: 'maintenance app 2', to: 'server 2', step: 'R5', label: 'replay the ledger', dashed: true },
  ],
};

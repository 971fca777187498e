import type { ServiceName } from '../../../shared/platform/services.ts';
import { box, person, schema } from '../nodes.ts';
import type { At, Edge, Node, Page } from '../types.ts';

const row = (index: number): number => 90 + index * 100;
const height = 70;
const at = (x: number, index: number, width: number): At => [x, row(index), width, height];

const services = (names: readonly ServiceName[], index: number, line: string): Node =>
  box(
    'function',
    'FUNCTIONS',
    names.join(', '),
    at(440, index, 230),
    [line],
    names.map((one) => `service:${one}`),
  );

const orders: readonly string[] = [
  'logistics',
  'logistics_lead',
  'sales',
  'analytics',
  'storefront',
  'warehouse',
];
const imaging: readonly string[] = [
  'analytics',
  'storage_writer',
  'storage_reader',
  'operations',
  'warehouse',
];
const stands = (from: readonly string[], table: string): Edge[] =>
  from.map((name) => ({ from: `schema ${name}`, to: table, leave: 'right', enter: 'left' }));

/** Each team gets views and procedures of its own schema, whoever connects and however. */
export const orderDesk: Page = {
  id: 'order-desk',
  title: 'Darkroom 3: order desk and team access',
  legend:
    'A role may SELECT the views and EXECUTE the procedures of its schema, nothing else. It holds for an app, a person with a SQL client and Power BI alike, because the database itself checks it.',
  zones: [
    { id: 'zone-people', name: 'People and programs', at: [15, 45, 300, 1080], tone: 'outside' },
    { id: 'zone-services', name: 'Function apps', at: [405, 45, 300, 1080], tone: 'plain' },
    { id: 'zone-schemas', name: 'Database: views and procedures', at: [815, 45, 400, 1080], tone: 'guarded' },
    {
      id: 'zone-tables',
      name: 'Database: tables, granted to nobody',
      at: [1345, 45, 295, 1080],
      tone: 'guarded',
    },
  ],
  nodes: [
    person('Logistics', at(50, 0, 230), ['packing page, daily totals'], ['Logistics']),
    person('Lead of logistics', at(50, 1, 230), ['may take back a completion'], ['LogisticsLead']),
    person('Sales', at(50, 2, 230), ['product page, CSV'], ['Sales']),
    person('Analytics', at(50, 3, 230), ['figures, nothing to change'], ['Analytics']),
    box('outside', 'POWER BI, SQL CLIENT', 'Team member, directly', at(50, 4, 230), [
      'by the team’s Entra group',
    ]),
    box('outside', 'WEB SHOP', 'Storefront', at(50, 5, 230), ['places and cancels orders']),
    person('Uploaders', at(50, 6, 230), ['their own images'], ['Uploader']),
    person('Engineers', at(50, 8, 230), ['dead letters, rights, ledger'], ['Engineering']),
    box('outside', 'TIMERS', 'Timers', at(50, 9, 230), ['as the app’s identity']),

    services(['logistics'], 0, 'orders of a day, check-off'),
    services(['sales'], 2, 'add, correct, retire'),
    services(['analytics'], 3, 'read only, from the replica'),
    services(['upload', 'processing', 'read'], 6, 'images'),
    services(['stream', 'purge'], 7, 'images, ledger'),
    services(['operations'], 8, 'rights report, ledger'),
    services(['warehouse'], 9, 'changed rows to the lake'),

    schema('logistics', at(850, 0, 330), ['orders, order_items, daily · complete_order(s)']),
    schema('logistics_lead', at(850, 1, 330), ['completed_orders · reopen_order']),
    schema('sales', at(850, 2, 330), ['products · add_, correct_, retire_product']),
    schema('analytics', at(850, 3, 330), ['figures without names']),
    schema('storefront', at(850, 5, 330), ['place and cancel orders']),
    schema('storage_writer', at(850, 6, 330), ['image rows, derivatives, ledger']),
    schema('storage_reader', at(850, 7, 330), ['images, read only']),
    schema('operations', at(850, 8, 330), ['ledger, rights, counts']),
    schema('warehouse', at(850, 9, 330), ['changed rows, no personal data']),

    box(
      'database',
      'SCHEMA ORDERS',
      'orders',
      [1380, row(1), 220, 270],
      [
        'members, products,',
        'orders and their lines',
        '',
        'history of every change,',
        'with its actor, by triggers',
      ],
    ),
    box(
      'database',
      'SCHEMA IMAGING',
      'imaging',
      [1380, row(6), 220, 270],
      ['images, derivatives,', 'ledger of erasures', '', 'each entry with the hash', 'of the one before'],
    ),
  ],
  edges: [
    { from: 'Logistics', to: 'logistics', step: 'T1' },
    { from: 'Lead of logistics', to: 'logistics' },
    { from: 'Sales', to: 'sales', step: 'T3' },
    { from: 'Analytics', to: 'analytics', step: 'T4' },
    { from: 'Uploaders', to: 'upload, processing, read', step: 'T6' },
    { from: 'Engineers', to: 'operations', step: 'T7' },
    { from: 'Timers', to: 'warehouse', step: 'T8' },
    { from: 'Timers', to: 'stream, purge', leave: 'right' },
    { from: 'Storefront', to: 'schema storefront', leave: 'right', enter: 'left' },
    { from: 'logistics', to: 'schema logistics' },
    { from: 'logistics', to: 'schema logistics_lead', step: 'T2' },
    { from: 'sales', to: 'schema sales' },
    { from: 'analytics', to: 'schema analytics' },
    { from: 'Team member, directly', to: 'schema logistics', dashed: true, leave: 'right', enter: 'left' },
    { from: 'Team member, directly', to: 'schema sales', dashed: true, leave: 'right', enter: 'left' },
    {
      from: 'Team member, directly',
      to: 'schema analytics',
      dashed: true,
      step: 'T5',
      leave: 'right',
      enter: 'left',
    },
    { from: 'upload, processing, read', to: 'schema storage_writer' },
    { from: 'upload, processing, read', to: 'schema storage_reader' },
    { from: 'stream, purge', to: 'schema storage_writer' },
    { from: 'operations', to: 'schema operations' },
    { from: 'operations', to: 'schema storage_writer' },
    { from: 'operations', to: 'schema storage_reader' },
    { from: 'warehouse', to: 'schema warehouse' },
    ...stands(orders, 'orders'),
    ...stands(imaging, 'imaging'),
  ],
};

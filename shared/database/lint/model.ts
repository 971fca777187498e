import type { SchemaName } from '../catalog/index.ts';
import { schemas } from '../rights/types.ts';
import { roleOf } from '../roles.ts';

const images = ['imaging.images', 'imaging.image_variants'];
const ledger = ['imaging.ledger', 'imaging.ledger_leaves'];
const checkpoints = 'imaging.ledger_checkpoints';
const readers = 'imaging.reader_changes';
const items = ['orders.transactions', 'orders.transaction_items', 'orders.products'];
const daily = ['imaging.images', 'imaging.erased_daily'];

/** The tables whose content each schema is there to show; docs/database.md has it in words. */
export const shownBy: Readonly<Record<SchemaName, readonly string[]>> = {
  storage_writer: [...images, ...ledger, checkpoints, 'imaging.erasures', 'imaging.dead_letters', readers],
  storage_reader: [...images, 'imaging.image_facts', 'imaging.image_events', ...ledger, checkpoints],
  operations: [
    ...[...images, 'imaging.image_facts', 'imaging.image_events', 'imaging.erasures', 'imaging.outcomes'],
    ...[...ledger, 'imaging.dead_letters', 'imaging.replays', readers],
    ...['orders.history', 'orders.exports', 'orders.person_requests', 'deployment.migrations'],
  ],
  logistics: items,
  logistics_lead: ['orders.transactions'],
  sales: ['orders.products', 'orders.product_history'],
  storefront: ['orders.members', 'orders.products', 'orders.transactions'],
  analytics: [...items, ...daily, 'orders.member_history', 'orders.calendar'],
  warehouse: [
    ...['orders.transactions', 'orders.transaction_items', 'orders.product_history', 'orders.members'],
    ...['orders.member_history', 'orders.calendar', 'orders.exports', 'orders.epochs', ...daily],
    ...['imaging.image_variants', 'imaging.erasures'],
  ],
};

/** Columns that tell of a person, and the schemas whose views may read them. */
export const personalColumns: Readonly<Record<string, readonly SchemaName[]>> = {
  'orders.members.name': [],
  'orders.members.email': [],
  'orders.members.mobile': [],
  'orders.members.date_of_birth': [],
  'imaging.images.owner': ['storage_reader', 'storage_writer', 'operations'],
  'imaging.images.file_name': ['storage_reader'],
};

export const schemaOf = (object: string): string => object.split('.')[0]!;

export const teamSchemaOf = (object: string): SchemaName | undefined =>
  schemas.find((schema) => schema === schemaOf(object));

/** The role that a schema is for; none, where nobody may come in. */
export function teamOf(object: string): string | undefined {
  const schema = teamSchemaOf(object);
  return schema === undefined ? undefined : roleOf(schema);
}

import { migrationOf, type Migration } from '../../shared/database/migrations/files.ts';

/** Faults that Microsoft's engines have to see, each planted alone: a file of sql/azure, what stands there, what then does. */
const faults: readonly (readonly [file: string, from: string, to: string])[] = [
  ['001-schemas-and-roles.sql', 'TO warehouse;', 'TO warehousee;'],
  ['001-schemas-and-roles.sql', 'SCHEMA::sales', 'SCHEMA::salez'],
  ['002-imaging-tables.sql', 'REFERENCES imaging.images (image_id)', 'REFERENCES imaging.images (owner)'],
  ['003-orders-tables.sql', "CHECK (status IN (N'pending'", "CHECK (state IN (N'pending'"],
  ['102-classification.sql', 'orders.members.mobile', 'orders.members.phone'],
  ['102-classification.sql', 'partial(0, "xxx", 2)', 'partly(0, "xxx", 2)'],
  [
    '103-ledger.sql',
    'PERIOD FOR SYSTEM_TIME (system_from, system_to)',
    'PERIOD FOR SYSTEM_TIME (system_to, system_from)',
  ],
  ['repeatable/storage_reader.sql', 'SELECT image_id, name, value,', 'SELECT image_id, nam, value,'],
  ['repeatable/history.sql', 'ON orders.products AFTER DELETE', 'ON orders.productz AFTER DELETE'],
  ['repeatable/imaging.sql', 'EXEC imaging.lock_image @image_id =', 'EXEC imaging.lock_image @image ='],
  ['repeatable/storefront.sql', "SET @outcome = N'created'", "SET @outcom = N'created'"],
  ['repeatable/warehouse.sql', 'ON m.member_id = t.member_id', 'ON m.member_id = x.member_id'],
];

export interface Variant {
  readonly fault: string;
  readonly files: readonly Migration[];
}

/** The files with each fault planted in turn. Throws where a text is no longer there to plant it in. */
export const variantsOf = (files: readonly Migration[]): Variant[] =>
  faults.map(([name, from, to]) => {
    const file = files.find((one) => one.name === name);
    if (file?.sql.includes(from) !== true)
      throw new Error(`There is no "${from}" in ${name} to plant a fault in.`);
    const faulty = migrationOf(name, file.sql.replace(from, to));
    return { fault: `${name}: ${to}`, files: files.map((one) => (one === file ? faulty : one)) };
  });

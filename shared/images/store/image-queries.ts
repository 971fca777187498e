import type { ViewRow } from '../../database/catalog/index.ts';
import type { Condition, Database } from '../../database/port.ts';
import { imageRecord, type ImageRow } from './image-record.ts';
import type { ImageDetail, ImageSummary, LocatedVariant, StoredVariant } from './ports.ts';

type Fact = ImageSummary['facts'][number];

/** What the database tells `storage_reader` of images, beside the images' own rows. */
export interface ImageQueries {
  row(imageId: string): Promise<ImageRow | undefined>;
  rows(imageIds: readonly string[]): Promise<readonly ImageRow[]>;
  /** An image and a variant that it has. */
  located(imageId: string, name: string): Promise<LocatedVariant | undefined>;
  variants(imageIds: readonly string[]): Promise<ReadonlyMap<string, StoredVariant[]>>;
  facts(imageIds: readonly string[]): Promise<ReadonlyMap<string, Fact[]>>;
  timeline(imageId: string): Promise<ImageDetail['timeline']>;
}

type VariantRow = Omit<ViewRow<'storage_reader', 'image_variants'>, 'created_at'>;

const variantOf = (row: VariantRow): StoredVariant => ({
  name: row.name,
  contentType: row.content_type,
  width: row.width,
  height: row.height,
  bytes: row.bytes,
  sha256: row.sha256,
  path: row.path,
  processor: row.processor,
  processorVersion: row.processor_version,
});

const ofImage = <Row extends { image_id: string }>(imageId: string): Condition<Row> => ({
  column: 'image_id',
  operator: '=',
  value: imageId,
});

const ofImages = (imageIds: readonly string[]) =>
  ({
    where: [{ column: 'image_id', operator: 'in', value: imageIds }],
    orderBy: [
      ['image_id', 'asc'],
      ['name', 'asc'],
    ],
  }) as const;

const byImage = <Row extends { readonly image_id: string }, T>(
  rows: readonly Row[],
  of: (row: Row) => T,
): ReadonlyMap<string, T[]> =>
  new Map([...Map.groupBy(rows, (row) => row.image_id)].map(([imageId, found]) => [imageId, found.map(of)]));

export const makeImageQueries = (database: Database): ImageQueries => ({
  async row(imageId) {
    const [row] = await database.query('storage_reader', 'images', { where: [ofImage(imageId)] });
    return row;
  },
  async rows(imageIds) {
    const where = [{ column: 'image_id', operator: 'in', value: imageIds }] as const;
    return database.query('storage_reader', 'images', { where });
  },
  async located(imageId, name) {
    const [row] = await database.query('storage_reader', 'servable_variants', {
      where: [ofImage(imageId), { column: 'name', operator: '=', value: name }],
    });
    if (row === undefined) return undefined;
    const variant = {
      ...row,
      content_type: row.variant_content_type,
      width: row.variant_width,
      height: row.variant_height,
      bytes: row.variant_bytes,
      sha256: row.variant_sha256,
    };
    return { image: imageRecord(row), variant: variantOf(variant) };
  },
  async variants(imageIds) {
    if (imageIds.length === 0) return new Map();
    return byImage(await database.query('storage_reader', 'image_variants', ofImages(imageIds)), variantOf);
  },
  async facts(imageIds) {
    if (imageIds.length === 0) return new Map();
    const rows = await database.query('storage_reader', 'image_facts', ofImages(imageIds));
    return byImage(rows, ({ name, value }) => ({ name, value }));
  },
  async timeline(imageId) {
    const events = await database.query('storage_reader', 'image_events', {
      where: [ofImage(imageId)],
      orderBy: [['sequence', 'asc']],
    });
    return events.map(({ at, event, detail }) => ({ at, event, detail }));
  },
});

import { z } from 'zod';
import type { Database } from '../../../database/port.ts';
import { imageDigest } from '../../../platform/image-id.ts';
import { commitmentOf, erasedLeaf, leafOf, type LedgerEntry } from './leaf.ts';
import { proveInclusion } from './merkle.ts';
import { hashesOf, type TileFiles } from './tiles.ts';

/** The proof of an erasure that a person keeps; who has the log's public key checks it without this system. */
export const receiptSchema = z
  .object({
    imageId: z.uuid(),
    status: z.enum(['complete', 'pending']).describe('`pending` until the next checkpoint, within a minute'),
    kind: z
      .enum(['retention', 'erasure', 'sweep'])
      .describe('Its time was up, somebody asked, or a check found it'),
    blobs: z.int().nonnegative().describe('Files that were erased'),
    bytes: z.int().nonnegative(),
    lakeRows: z.int().nonnegative().describe('Rows that left the warehouse'),
    uploadedAt: z.iso.datetime(),
    dueAt: z.iso.datetime(),
    erasedAt: z.iso.datetime(),
    salt: z.string().describe('With the id of the image it makes the commitment in the leaf'),
    leaf: z.string().describe('What the log says, exactly as it was hashed'),
    signature: z
      .string()
      .optional()
      .describe('Ed25519, base64, over `darkroom-ledger-entry`, a line feed and the leaf'),
    leafIndex: z.int().nonnegative().optional(),
    inclusionProof: z.array(z.string()).optional().describe('RFC 6962, base64, nearest to the leaf first'),
    checkpoint: z.string().optional().describe('C2SP tlog-checkpoint, signed'),
  })
  .meta({ id: 'ErasureReceipt' });

export type Receipt = z.infer<typeof receiptSchema>;

export interface ReceiptDependencies {
  readonly database: Database;
  readonly files: Pick<TileFiles, 'read'>;
  /** The log's name. */
  readonly log: string;
}

const pendingReceipt = (imageId: string, entry: LedgerEntry): Receipt => ({
  ...{ imageId, status: 'pending', kind: entry.kind as Receipt['kind'] },
  ...{ blobs: entry.blobs!, bytes: entry.bytes!, lakeRows: entry.lake_rows! },
  ...{ uploadedAt: entry.uploaded_at!, dueAt: entry.due_at, erasedAt: entry.erased_at! },
  ...{ salt: entry.salt!, leaf: leafOf(entry), signature: entry.signature! },
});

/** Answers the receipt of an erased image; undefined when the ledger has none. */
export function makeReceipts({ database, files, log }: ReceiptDependencies) {
  const newest = async () => {
    const [last] = await database.query('storage_reader', 'ledger_checkpoints', {
      where: [{ column: 'log', operator: '=', value: log }],
      orderBy: [['size', 'desc']],
      limit: 1,
    });
    return last;
  };
  return async (imageId: string): Promise<Receipt | undefined> => {
    const where = [{ column: 'image_digest', operator: '=', value: imageDigest(imageId) }] as const;
    const [entry] = await database.query('storage_reader', 'ledger', { where, limit: 1 });
    if (entry === undefined) return undefined;
    const pending = pendingReceipt(imageId, entry);
    const checkpoint = await newest();
    const index = entry.leaf_index;
    if (index === null || checkpoint === undefined || checkpoint.size <= index) return pending;
    const { size, note } = checkpoint;
    const proof = await proveInclusion(hashesOf(files, size), index, size);
    const inclusionProof = proof.map((hash) => hash.toString('base64'));
    return { ...pending, status: 'complete', leafIndex: index, inclusionProof, checkpoint: note };
  };
}

/** The leaf that the receipt's own words make. */
export function leafOfReceipt(receipt: Receipt): string {
  const { imageId, salt, kind, blobs, bytes, lakeRows, uploadedAt, dueAt, erasedAt } = receipt;
  return erasedLeaf({
    ...{ kind, dueAt, erasedAt, commitment: commitmentOf(salt, imageId) },
    ...{ salt, imageDigest: imageDigest(imageId), blobs, bytes, lakeRows, uploadedAt },
  });
}

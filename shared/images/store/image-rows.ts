import type { Database } from '../../database/port.ts';
import type { ImageStatus } from '../../database/catalog/imaging.ts';
import { DarkroomError } from '../../platform/errors.ts';
import { imageDigest } from '../../platform/image-id.ts';
import { deleteAtOf } from '../../platform/retention.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { Failure } from '../../platform/errors.ts';
import type { Fact, Outcome, RawFacts, Seen } from './ports.ts';

/** What the database keeps of images, as the role `storage_writer` may write it. */
export interface ImageRows {
  stored(origin: Origin, facts: RawFacts): Promise<Outcome>;
  rejected(origin: Origin, failure: Failure, seen: Seen): Promise<Outcome>;
  failed(origin: Origin, failure: Failure): Promise<Outcome>;
  statusOf(imageId: string): Promise<ImageStatus | 'erased' | undefined>;
  digestOf(imageId: string): Promise<string | undefined>;
  /** Writes nothing, in a transaction that would. Throws what a write would throw. */
  tryWrite(): Promise<void>;
  variants(
    imageId: string,
    variants: readonly Record<string, unknown>[],
    facts: readonly Fact[],
  ): Promise<{ outcome: 'saved' | 'missing' | 'erased'; orphanedPaths: readonly string[] }>;
}

const role = 'storage_writer';
const context = { actor: 'service:storage-writer' };
/** Long enough for a reason, short enough for a row. */
const maxMessageCharacters = 1_000;

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new DarkroomError('internal', 'The database answered without an outcome.');
  return row;
}

const asOutcome = (rows: readonly { outcome: string }[]): Outcome => only(rows).outcome as Outcome;

const identityOf = (origin: Origin) => ({
  image_id: origin.imageId,
  owner: origin.owner,
  source: origin.source,
  correlation_id: origin.correlationId,
  uploaded_at: origin.uploadedAt,
  delete_at: deleteAtOf(origin.uploadedAt),
  file_name: origin.fileName ?? null,
  sender_source: origin.sender?.source ?? null,
  sender_id: origin.sender?.id ?? null,
});

const reasonOf = ({ code, message }: Failure) => ({ code, message: message.slice(0, maxMessageCharacters) });

export function makeImageRows(database: Database, clock: Clock): ImageRows {
  const at = () => ({ at: clock.now() });
  const find = async (imageId: string) => {
    const [image] = await database.query(role, 'images', {
      where: [{ column: 'image_id', operator: '=', value: imageId }],
      limit: 1,
    });
    return image;
  };
  return {
    async stored(origin, { contentType, bytes, width, height, sha256 }) {
      const facts = { content_type: contentType, bytes, width, height, sha256 };
      return asOutcome(
        await database.execute(role, 'save_image', { ...identityOf(origin), ...facts, ...at() }, context),
      );
    },
    async rejected(origin, failure, { contentType, bytes, sha256 }) {
      const seen = { content_type: contentType ?? null, bytes: bytes ?? null, sha256: sha256 ?? null };
      const parameters = { ...identityOf(origin), ...seen, ...reasonOf(failure), ...at() };
      return asOutcome(await database.execute(role, 'reject_image', parameters, context));
    },
    async failed(origin, failure) {
      const parameters = { ...identityOf(origin), ...reasonOf(failure), ...at() };
      return asOutcome(await database.execute(role, 'fail_image', parameters, context));
    },
    digestOf: async (imageId) => (await find(imageId))?.sha256 ?? undefined,
    async tryWrite() {
      await database.execute(role, 'forget_dead_letter_payloads', { claim_checks: [] }, context);
    },
    async statusOf(imageId) {
      const image = await find(imageId);
      if (image !== undefined) return image.status as ImageStatus;
      const erased = await database.query(role, 'erased', {
        where: [{ column: 'image_digest', operator: '=', value: imageDigest(imageId) }],
        limit: 1,
      });
      return erased.length > 0 ? 'erased' : undefined;
    },
    async variants(imageId, variants, facts) {
      const row = only(
        await database.execute(
          role,
          'save_variants',
          { image_id: imageId, variants, facts, ...at() },
          context,
        ),
      );
      return {
        outcome: row.outcome as 'saved' | 'missing' | 'erased',
        orphanedPaths: (row.orphaned_paths ?? []) as readonly string[],
      };
    },
  };
}

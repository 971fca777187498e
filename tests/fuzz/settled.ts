import type pg from 'pg';
import { parseImageMessage } from '../../shared/images/receive/image-message.ts';
import { unreadImage } from '../../shared/images/receive/unread-image.ts';
import { readDeadLetter } from '../../shared/stream/dead-letter.ts';
import type { IncomingRecord } from '../../shared/stream/record.ts';

const imageIdOf = (record: IncomingRecord): string => {
  try {
    return parseImageMessage(record).imageId;
  } catch {
    return unreadImage(record).imageId;
  }
};

/** What became of records, by class: an image, a rejection, a dead letter; or nothing, which must not be. */
export async function endsOf(
  database: pg.Client,
  records: readonly IncomingRecord[],
  deadLetters: readonly IncomingRecord[],
): Promise<{ ends: ReadonlyMap<string, number>; lost: readonly IncomingRecord[] }> {
  const { rows } = await database.query<{ image_id: string; status: string }>(
    'SELECT image_id, status FROM imaging.images',
  );
  const statuses = new Map(rows.map((row) => [row.image_id, row.status]));
  const dead = new Set(
    deadLetters
      .map((one) => readDeadLetter(one).reason)
      .map(({ partition, offset }) => `${partition}/${offset}`),
  );
  const ends = new Map<string, number>();
  const lost: IncomingRecord[] = [];
  for (const record of records) {
    const status = statuses.get(imageIdOf(record));
    const end = dead.has(`${record.partition}/${record.offset}`)
      ? 'dead letter'
      : status === 'processed'
        ? 'image'
        : status;
    if (end === undefined || end === 'stored') lost.push(record);
    ends.set(end ?? 'nothing', (ends.get(end ?? 'nothing') ?? 0) + 1);
  }
  return { ends, lost };
}

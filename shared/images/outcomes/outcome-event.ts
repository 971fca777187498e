import { z } from 'zod';
import type { ResultRow } from '../../database/catalog/index.ts';
import { DarkroomError } from '../../platform/errors.ts';
import { unknownOwner } from '../../platform/image-origin.ts';
import type { OutgoingEvent } from '../../stream/record.ts';

export type OutcomeRow = ResultRow<'storage_writer', 'take_outcomes'>;

/** Why an image was erased, in words. */
const erasedBecause: Readonly<Record<string, string>> = {
  retention: 'Its seven days are over.',
  erasure: 'Somebody who may asked for it.',
  sweep: 'It was left over where it should have been gone.',
};

/** Texts of one length have the order of their numbers: of milliseconds, and of a bigint. */
const [epochDigits, sequenceDigits] = [13, 19];

/** A database that was restored counts again from where it was then, so the time of its restore comes first. */
const sequenceText = ({ epoch_at: epochAt, sequence }: OutcomeRow): string =>
  String(epochAt?.getTime() ?? 0).padStart(epochDigits, '0') + String(sequence).padStart(sequenceDigits, '0');

/**
 * What became of an image, for the application that sent it: a CloudEvent in JSON, without anything of the image. All of
 * one image are in one partition. `id` and `sequence` are the same when it is sent again.
 */
export function outcomeEvent(row: OutcomeRow): OutgoingEvent {
  const { image_id: imageId, outcome, owner, sender_source: source, sender_id: sourceId, code } = row;
  const [time, message] = [row.at.toISOString(), row.message ?? erasedBecause[code ?? ''] ?? ''];
  const event = {
    specversion: '1.0',
    type: `darkroom.image.${outcome}`,
    source: '/api/images',
    id: `${imageId}/${outcome}/${time}`,
    subject: imageId,
    time,
    sequence: sequenceText(row),
    datacontenttype: 'application/json',
    data: {
      ...{ imageId, source, sourceId, key: owner === unknownOwner ? null : owner },
      reason: code === null ? null : { code, message },
    },
  };
  return {
    key: imageId,
    value: Buffer.from(JSON.stringify(event)),
    contentType: 'application/cloudevents+json',
  };
}

const told = z.object({ data: z.object({ imageId: z.uuid().nullable(), key: z.string().nullable() }) });

/** Whose image an outcome is of; of a refused record, none's. Throws `message-malformed` for what is none of ours. */
export function readOutcome(value: Uint8Array): { imageId: string | null; owner: string | null } {
  try {
    const { imageId, key } = told.parse(JSON.parse(Buffer.from(value).toString())).data;
    return { imageId, owner: key };
  } catch (cause) {
    throw new DarkroomError('message-malformed', 'The event is no outcome of ours.', { cause });
  }
}

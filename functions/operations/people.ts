import { remainingCopies } from '../../shared/images/erase/remaining-copies.ts';
import type { Uploader, UploaderTraces } from '../../shared/images/erase/uploader.ts';
import {
  newSalt,
  signPersonReceipt,
  uploaderCommitment,
  type PersonReceipt,
} from '../../shared/operations/person-receipt.ts';
import { composition } from '../composition.ts';
import { registerRoute } from '../register-route.ts';
import { erasePersonRoute, exportPersonRoute, listPeopleRoute } from './routes.ts';

/** An HTTP answer must come within 230 seconds; what is not done by then is for the next request. Milliseconds. */
const budget = 150_000;

const now = (): Date => composition.clock().now();

const uploader = async () => (await composition.erasure()).uploader(await composition.storageWriter());

const memberIdOf = (membershipId: string): number => Number(membershipId.slice(1));

/** Writes down who asked about an uploader. */
async function record(
  request: { action: 'count' | 'export' | 'erase'; id: string; reason: string; result: object; at: Date },
  actor: string,
): Promise<{ sequence: number; salt: string; subject: string }> {
  const { id, ...entry } = request;
  const salt = newSalt();
  const subject = uploaderCommitment(salt, id);
  const database = await composition.database();
  const parameters = { ...entry, kind: 'uploader', subject };
  const [row] = await database.execute('operations', 'record_person_request', parameters, { actor });
  return { sequence: row!.sequence, salt, subject };
}

async function exportUploader({ find, open }: Uploader, owner: string) {
  const { images, uploads, records } = await find(owner);
  const deadLetters = [];
  for (const { claimCheck, imageId } of records) {
    const record = await open(claimCheck);
    if (record === undefined) continue;
    const { key = null, enqueuedAt, headers, value } = record;
    deadLetters.push({
      ...{ imageId, enqueuedAt: enqueuedAt.toISOString(), key },
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, content]) => [name, Buffer.from(content as string).toString()]),
      ),
      value: Buffer.from(value).toString('base64'),
    });
  }
  return {
    images: images.map(({ imageId }) => imageId),
    uploads: uploads.map(({ id, metadata, offset, createdAt, expiresAt }) => ({
      ...{ id, metadata, offset, createdAt, expiresAt },
    })),
    deadLetters,
  };
}

registerRoute(exportPersonRoute, async ({ body: { kind, id, reason }, principal: { id: actor } }) => {
  const at = now();
  if (kind === 'uploader') {
    const traces = await exportUploader(await uploader(), id);
    const { images, uploads, deadLetters } = traces;
    const result = { images: images.length, uploads: uploads.length, deadLetters: deadLetters.length };
    const { sequence } = await record({ action: 'export', id, reason, result, at }, actor);
    return { jsonBody: { sequence, uploader: traces } };
  }
  const database = await composition.database();
  const parameters = { member_id: memberIdOf(id), reason, at };
  const [row] = await database.execute('operations', 'export_member', parameters, { actor });
  const { sequence, member_key: memberKey, date_of_birth: dateOfBirth, joined_at: joined, ...rest } = row!;
  return {
    jsonBody: { sequence, member: { memberKey, dateOfBirth, joinedAt: joined.toISOString(), ...rest } },
  };
});

const sign = async (receipt: Omit<PersonReceipt, 'note'>): Promise<PersonReceipt> =>
  signPersonReceipt(receipt, (await composition.ledger()).signer);

/** Until when somebody may still hold a copy: of all images, and of records that never became one, the last. */
function remainingOf({ images, records }: UploaderTraces) {
  const isCached = composition.settings().DARKROOM_CDN_ENDPOINT_ID !== undefined;
  const last = new Map<string, string>();
  const sent = [...images, ...records.map(({ enqueuedAt }) => ({ uploadedAt: enqueuedAt }))];
  for (const one of sent) {
    for (const { copy, until } of remainingCopies(one, { now: now(), isCached })) {
      const text = until.toISOString();
      if (text > (last.get(copy) ?? '')) last.set(copy, text);
    }
  }
  return [...last].map(([copy, until]) => ({ copy, until }));
}

async function eraseUploader(id: string, reason: string, dryRun: boolean, actor: string) {
  const { find, erase } = await uploader();
  const traces = await find(id);
  const { images, uploads, records } = traces;
  const remaining = remainingOf(traces);
  if (dryRun) {
    const result = { images: images.length, uploads: uploads.length, deadLetters: records.length };
    await record({ action: 'count', id, reason, result, at: now() }, actor);
    return { dryRun, unfinished: false, failed: 0, result, imageReceipts: [], remaining };
  }
  const done = await erase(traces, actor, Date.now() + budget);
  const { blobs, bytes, unfinished, failed } = done;
  // Of what is left the receipt tells too: it is the proof of no more than was done.
  const left = images.length - done.erased.length;
  const result = {
    ...{ images: done.erased.length, blobs, bytes, uploads: done.uploads, deadLetters: done.records, left },
  };
  const at = now();
  const { sequence, salt, subject } = await record({ action: 'erase', id, reason, result, at }, actor);
  const receipt = await sign({ kind: 'uploader', id, salt, subject, sequence, at: at.toISOString(), result });
  const { receiptOf } = await composition.ledger();
  const imageReceipts = [];
  for (const imageId of done.erased) imageReceipts.push((await receiptOf(imageId))!);
  return { dryRun, unfinished, failed: failed.size, result, receipt, imageReceipts, remaining };
}

async function eraseMember(
  id: string,
  key: string | undefined,
  reason: string,
  dryRun: boolean,
  actor: string,
) {
  const database = await composition.database();
  const parameters = {
    ...{ member_id: memberIdOf(id), reason, dry_run: dryRun, at: now() },
    member_key: key ?? null,
  };
  const [row] = await database.execute('operations', 'erase_member', parameters, { actor });
  const { member_key: subject, orders, total_price: totalPrice, sequence, erased_at: at } = row!;
  const result = { orders, totalPrice };
  const receipt =
    dryRun || sequence === null
      ? undefined
      : await sign({ kind: 'member', id, subject, sequence, at: at.toISOString(), result });
  return {
    ...{ dryRun, unfinished: false, failed: 0, result, imageReceipts: [], remaining: [] },
    ...(receipt && { receipt }),
  };
}

registerRoute(erasePersonRoute, async ({ body, principal: { id: actor }, log }) => {
  const { kind, id, reason, dryRun } = body;
  const jsonBody =
    body.kind === 'uploader'
      ? await eraseUploader(id, reason, dryRun, actor)
      : await eraseMember(id, body.subject, reason, dryRun, actor);
  const { failed, unfinished, result } = jsonBody;
  log.info('person.erased', { kind, dryRun, failed, unfinished, ...result });
  return { jsonBody };
});

registerRoute(listPeopleRoute, async ({ query: { limit } }) => {
  const database = await composition.database();
  const rows = await database.query('operations', 'person_requests', {
    orderBy: [['sequence', 'desc']],
    limit,
  });
  const requests = rows.map(({ at, action, kind, ...row }) => ({
    ...row,
    action: action as 'count' | 'export' | 'erase',
    kind: kind as 'uploader' | 'member',
    at: at.toISOString(),
  }));
  return { jsonBody: { requests } };
});

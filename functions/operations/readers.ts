import type { z } from 'zod';
import { makeMoveReaders, type Target } from '../../shared/operations/move-readers.ts';
import type { ReaderResult } from '../../shared/operations/readers.ts';
import { readHubs, type ReadHub } from '../../shared/stream/hubs.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { positions, readers } from './composition.ts';
import {
  limitReaderRoute,
  listReadersRoute,
  moveReaderRoute,
  pauseReadersRoute,
  resumeReadersRoute,
  stopReprocessRoute,
} from './routes.ts';

/** Changes that the page shows. */
const shownChanges = 50;

registerRoute(listReadersRoute, async ({ log }) => {
  const all = await readers(log);
  const [list, changes, losses] = await Promise.all([
    ...([all.list(), all.changes(shownChanges), all.losses(shownChanges)] as const),
  ]);
  return {
    jsonBody: {
      asOf: composition.clock().now().toISOString(),
      readers: list.map(({ limit, ...reader }) => ({ ...reader, limit: limit ?? null })),
      changes: changes.map(({ change_id: id, ...change }) => ({ id, ...change })),
      losses: losses.map((row) => ({
        ...{ hub: row.origin_hub, partition: row.origin_partition, message: row.message, at: row.dead_at },
      })),
    },
  };
});

interface Asked {
  readonly dryRun: boolean;
  readonly reason?: string | undefined;
}

const by = ({ dryRun, reason = 'dry run' }: Asked, principal: { id: string }) => ({
  ...{ dryRun, reason, actor: principal.id },
});

const answer = ({ dryRun }: Asked, results: readonly ReaderResult[]) => ({ jsonBody: { dryRun, results } });

registerRoute(pauseReadersRoute, async ({ body, principal, log }) => {
  const all = await readers(log);
  const wanted: readonly ReadHub[] = body.hubs ?? readHubs;
  return answer(body, await all.pause(wanted, by(body, principal), body.remindAfterMinutes));
});

registerRoute(resumeReadersRoute, async ({ body, principal, log }) => {
  const all = await readers(log);
  return answer(body, await all.resume(body.hubs ?? readHubs, by(body, principal)));
});

type Body = z.infer<typeof moveReaderRoute.body>;

const targetOf = (to: Body['to']): Target => {
  if (typeof to === 'string') return to;
  return 'offset' in to ? { sequenceNumber: to.offset } : { time: new Date(to.time) };
};

registerRoute(moveReaderRoute, async ({ body, principal, log }) => {
  const { dryRun, hub, partition, to } = body;
  const move = makeMoveReaders(await positions(log));
  const moves = await move(hub, partition, targetOf(to), by(body, principal));
  return { jsonBody: { dryRun, moves: moves.map((one) => ({ hub, ...one })) } };
});

registerRoute(limitReaderRoute, async ({ body, principal, log }) => {
  const { hub, deadLetters, minutes } = body;
  const limit = deadLetters === null ? null : { deadLetters, minutes, isDefault: false };
  return answer(body, await (await readers(log)).setLimit(hub, limit, by(body, principal)));
});

registerRoute(stopReprocessRoute, async ({ body, principal, log }) =>
  answer(body, await (await readers(log)).stopRerun(by(body, principal))),
);

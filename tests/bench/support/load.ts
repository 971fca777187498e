import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openImageProducer } from '../../../client/image-producer.ts';
import { recordsFor } from '../../../client/image-records.ts';
import { eventually } from '../../support/eventually.ts';
import type { Picture, WholeStack } from './whole-stack.ts';

/** What another owner does to a stack while somebody is measured, until it is stopped. */
export interface Load {
  /** Resolves when as much of it waits, or is under way, as shall be. */
  readonly isThere: () => Promise<unknown>;
  /** Answers what became of it; throws when it was none. */
  readonly stop: () => Promise<string>;
}

/** Keeps so many images of one owner on their way through the pipeline, by Kafka. */
export function pictureLoad(whole: WholeStack, pictures: readonly Picture[], waiting: number): Load {
  const owner = randomUUID();
  const { kafka: broker, hubs: connectionString } = whole.stack.endpoints;
  const producer = openImageProducer({ broker, connectionString });
  const text =
    'SELECT count(*)::int AS known, count(*) FILTER (WHERE status <> $2)::int AS ended FROM imaging.images WHERE owner = $1';
  const counts = async () =>
    (await whole.watcher.query<{ known: number; ended: number }>(text, [owner, 'stored'])).rows[0]!;
  const state = { sent: 0, isOver: false };
  const sending = (async () => {
    while (!state.isOver) {
      const { ended } = await counts();
      const missing = Math.max(0, ended + waiting - state.sent);
      const records = Array.from({ length: missing }, (_, index) => {
        const picture = pictures[(state.sent + index) % pictures.length]!;
        return recordsFor('binary', { owner, ...picture }).records;
      });
      await Promise.all(records.map((each) => producer.send(each)));
      state.sent += missing;
      await sleep(50);
    }
  })();
  return {
    isThere: () =>
      eventually(async () => ((await counts()).known >= waiting / 2 ? true : undefined), { within: 120_000 }),
    async stop() {
      const { known, ended } = await counts();
      state.isOver = true;
      await sending;
      await producer.close();
      if (state.sent === ended) throw new Error('Nothing of the other owner waited: nothing was measured.');
      return `${state.sent} sent, ${known} stored, ${ended} of them ended`;
    },
  };
}

/** Keeps so many requests under way; `request` makes one and resolves with its answer. */
export function requestLoad(request: () => Promise<unknown>, atOnce: number): Load {
  const state = { answered: 0, isOver: false };
  const { promise: first, resolve } = Promise.withResolvers<undefined>();
  const workers = Array.from({ length: atOnce }, async () => {
    while (!state.isOver) {
      await request();
      state.answered += 1;
      resolve(undefined);
    }
  });
  return {
    isThere: () => first,
    async stop() {
      state.isOver = true;
      const { answered } = state;
      await Promise.all(workers);
      return `${answered} answered`;
    },
  };
}

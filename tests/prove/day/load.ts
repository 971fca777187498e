import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type pg from 'pg';
import { answerOf } from '../../../client/api.ts';
import { apiOf } from '../../../client/connection.ts';
import { waitForImages } from '../../../client/wait-for-image.ts';
import { clockOffsetFile } from '../../../infra/local/supervisor/settings.ts';
import { openDatabase } from '../../../shared/database/open.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleImage } from '../../support/sample-images.ts';
import { sendFailures } from '../erasure/senders.ts';
import { openSources, sha256, type Picture } from '../kill/sources.ts';
import type { StackProcess } from '../kill/stack-process.ts';
import { runTimer } from '../kill/run-timer.ts';

const imagesInStep = 12;
const ordersInStep = 4;

const timers = ['streamTimer', 'operationsTimer', 'reconcileLake', 'ledgerCheckpoint'];
const reason = 'A step of a simulated day.';

async function drawAll(): Promise<Picture[]> {
  return Promise.all(
    Array.from({ length: imagesInStep }, async (_, seed) => {
      const bytes = await sampleImage('jpeg', 96, 72, seed + 1);
      return { bytes, sha256: sha256(bytes), key: randomUUID() };
    }),
  );
}

/** The same load again and again: each step sends, reads, orders, erases and replays as much as the one before. */
export async function openLoad(stack: StackProcess, owner: pg.Client) {
  const { record, connection, stateDir } = stack;
  const sources = await openSources(stack);
  const pictures = await drawAll();
  const desk = openDatabase({ DARKROOM_DATABASE: record.database });
  const [engineer, uploader, packer] = ['engineering', 'uploader', 'logistics'].map((persona) =>
    apiOf(connection, persona),
  ) as [ReturnType<typeof apiOf>, ReturnType<typeof apiOf>, ReturnType<typeof apiOf>];
  const actor = { actor: 'service:storefront' };
  const [member] = await desk.query('storefront', 'members', {
    where: [{ column: 'status', operator: '=', value: 'active' }],
    limit: 1,
  });
  const [product] = await desk.query('storefront', 'products', { limit: 1 });

  /** By every source; ids of those whose senders know them. */
  async function send(): Promise<string[]> {
    let next = 0;
    const calls = sources.map((source) => {
      const own = pictures.slice(next, (next += source.batch));
      return source.send(
        own.map((picture) => ({ ...picture, key: randomUUID() })),
        () => undefined,
      );
    });
    return (await Promise.all(calls)).flat().filter((id) => id !== undefined);
  }

  async function order(): Promise<void> {
    for (let index = 0; index < ordersInStep; index += 1) {
      const items = [{ productId: product!.product_id, quantity: 1 + index }];
      const request = { member_id: member!.member_id, request_key: randomUUID(), items };
      const [placed] = await desk.execute('storefront', 'place_order', request, actor);
      const path = { id: placed!.order_id };
      if (index > 0)
        await answerOf(packer.POST('/logistics/orders/{id}/complete', { params: { path, header: {} } }));
    }
  }

  async function read(ids: readonly string[]): Promise<void> {
    await answerOf(uploader.GET('/images', { params: { query: { limit: 50 } } }));
    const headers = { authorization: `Bearer ${await connection.token('uploader')}` };
    for (const variant of ['thumbnail', 'raw']) {
      const answer = await fetch(`${connection.api}/api/images/${ids[0]}/${variant}`, { headers });
      if (!answer.ok) throw new Error(`The ${variant} answered ${answer.status}.`);
      await answer.arrayBuffer();
    }
  }

  /** The newest dead letter again, which fails again; and a question about a person, which is written down. */
  async function operate(): Promise<void> {
    const { data } = await answerOf(
      engineer.GET('/operations/dead-letters', { params: { query: { limit: 1 } } }),
    );
    const ids = data.deadLetters.map(({ id }) => id);
    if (ids.length > 0)
      await answerOf(engineer.POST('/operations/dead-letters/replay', { body: { ids, reason } }));
    const body = { kind: 'uploader', id: 'nobody', reason, dryRun: true } as const;
    await answerOf(engineer.POST('/operations/people/erase', { body }));
  }

  /** Nothing is under way: every image is at its end, and its sender told. */
  const settled = () =>
    eventually(
      async () => {
        const { rows } = await owner.query<{ waiting: string }>(
          `SELECT (SELECT count(*) FROM imaging.images WHERE status = 'stored')
            + (SELECT count(*) FROM imaging.outcomes) + (SELECT count(*) FROM imaging.erasures) AS waiting`,
        );
        return rows[0]!.waiting === '0' ? true : undefined;
      },
      { within: 60_000, every: 50 },
    );

  return {
    /** One step of load, until nothing of it is under way. */
    async work(): Promise<void> {
      const [ids] = await Promise.all([send(), sendFailures(stack), order()]);
      await waitForImages(connection, ids, { timeoutMs: 60_000 });
      await read(ids);
      await answerOf(uploader.DELETE('/images/{id}', { params: { path: { id: ids[0]! } } }));
      await operate();
      await settled();
    },

    /** Sets the clock (milliseconds ahead), and has done what the timers would have done by then. */
    async pass(offset: number, isNewDay: boolean): Promise<void> {
      writeFileSync(clockOffsetFile(stateDir), String(offset));
      for (const timer of [...timers, ...(isNewDay ? ['compactLake'] : [])]) await runTimer(stack, timer);
      await answerOf(engineer.POST('/operations/purge', { body: { sweep: true } }));
      await answerOf(engineer.POST('/operations/exports', { body: {} }));
    },

    async close(): Promise<void> {
      await Promise.allSettled([desk.close(), ...sources.map(async (source) => source.close?.())]);
    },
  };
}

import type { z } from 'zod';
import type { Condition } from '../../shared/database/port.ts';
import { registerRoute } from '../register-route.ts';
import { deadLetterOrder, type DeadLetterRow } from '../../shared/operations/dead-letters.ts';
import type { ReplayResult } from '../../shared/operations/replay.ts';
import { composition } from '../composition.ts';
import { deadLetters, replay } from './composition.ts';
import { replayRoute } from './routes.ts';

type Body = z.infer<typeof replayRoute.body>;

/** What one request takes on, in letters and in milliseconds: an HTTP answer must come within 230 seconds. */
const [maxLetters, budget] = [500, 120_000];
const sliceSize = 20;

/** Those that nobody replayed first, then those that failed when somebody did. */
async function selectDeadLetters(code: string | undefined): Promise<DeadLetterRow[]> {
  const database = await composition.database();
  const find = (open: Condition<DeadLetterRow>) =>
    database.query('operations', 'dead_letters', {
      where: [open, ...(code === undefined ? [] : [{ column: 'code', operator: '=', value: code } as const])],
      orderBy: deadLetterOrder('asc'),
      limit: maxLetters + 1,
    });
  const [untouched, failed] = await Promise.all([
    find({ column: 'last_outcome', operator: 'is null' }),
    find({ column: 'last_outcome', operator: '=', value: 'fails-again' }),
  ]);
  return [...untouched, ...failed];
}

async function chosen({ ids, code }: Body): Promise<DeadLetterRow[]> {
  if (ids === undefined) return selectDeadLetters(code);
  const store = await deadLetters();
  return Promise.all([...new Set(ids)].map((id) => store.find(id)));
}

registerRoute(replayRoute, async ({ body, principal, log }) => {
  const { dryRun, reason = 'dry run' } = body;
  const rows = await chosen(body);
  const run = await replay(log, { dryRun });
  const until = Date.now() + budget;
  const results: ReplayResult[] = [];
  while (results.length < Math.min(rows.length, maxLetters) && Date.now() < until) {
    const slice = rows.slice(results.length, results.length + sliceSize);
    results.push(...(await run(slice, { dryRun, reason, actor: principal.id })));
  }
  return { jsonBody: { dryRun, results, more: results.length < rows.length } };
});

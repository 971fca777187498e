import { viewOf } from '../../shared/operations/bulk/bulk-run.ts';
import { registerRoute } from '../register-route.ts';
import { advanceBulkRun, bulkRuns } from './composition.ts';
import { getBulkRunRoute, listBulkRunsRoute, startBulkRunRoute, stopBulkRunRoute } from './routes.ts';

/** A request goes on with its run for so long, so that a short one is over when it answers. Milliseconds. */
const budget = 4_000;

registerRoute(startBulkRunRoute, async ({ body, principal, log }) => {
  const { filter = {}, perMinute = null, reason = 'dry run', ...rest } = body;
  const store = await bulkRuns();
  const run = await store.start({ ...rest, filter, perMinute, reason, actor: principal.id });
  const { id, action, dryRun, total } = run;
  log.info('bulk-run.started', { id, action, dryRun, filter, total, perMinute, reason, actor: principal.id });
  const advance = await advanceBulkRun(log);
  const now = (await advance(id, Date.now() + budget)) ?? run;
  return { status: 202, headers: { location: `/api/operations/bulk-runs/${id}` }, jsonBody: viewOf(now) };
});

registerRoute(listBulkRunsRoute, async () => {
  const store = await bulkRuns();
  return { jsonBody: { runs: (await store.list()).map(viewOf) } };
});

registerRoute(getBulkRunRoute, async ({ parameters }) => {
  const store = await bulkRuns();
  return { jsonBody: viewOf(await store.find(parameters.id)) };
});

registerRoute(stopBulkRunRoute, async ({ parameters, body, principal, log }) => {
  const store = await bulkRuns();
  const run = await store.stop(parameters.id, { actor: principal.id, reason: body.reason });
  log.info('bulk-run.stopped', { id: run.id, done: run.done, reason: body.reason, actor: principal.id });
  return { jsonBody: viewOf(run) };
});

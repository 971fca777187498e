import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { publishAfterPurge } from './publish-after-purge.ts';
import { purgeRoute } from './routes.ts';

/** An HTTP answer must come within 230 seconds; what is not done by then is for the next request. Milliseconds. */
const budget = 150_000;

registerRoute(purgeRoute, async ({ body, principal, log }) => {
  const { dryRun } = body;
  const until = Date.now() + budget;
  const erasure = await composition.erasure();
  const cameBack = body.replayLedger
    ? await erasure.replayLedger(log)({
        ...{ dryRun, digests: new Set(body.digests), isSameRestore: body.sameRestore },
      })
    : undefined;
  const purge = await erasure.purge(log)({ dryRun, actor: principal.id, until });
  const sweep = body.sweep
    ? await erasure.sweep(log, await composition.events(), await composition.storageWriter())({ dryRun })
    : undefined;
  if (!dryRun) await publishAfterPurge(log);
  return { jsonBody: { purge, ...(sweep && { sweep }), ...(cameBack === undefined ? {} : { cameBack }) } };
});

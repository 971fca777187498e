import { processingOptions, askWorkers } from '../../shared/images/process/pool.ts';
import { loadProcessors } from '../../shared/images/process/registry.ts';
import { deployedCandidates } from '../../shared/images/process/worker-process.ts';
import type { Compared, Run } from '../../shared/operations/sandbox/compare.ts';
import { sandboxLimits } from '../../shared/operations/sandbox/limits.ts';
import { makeSandbox } from '../../shared/operations/sandbox/sandbox.ts';
import { requestBody } from '../../shared/platform/http/request-body.ts';
import { memo } from '../../shared/platform/memo.ts';
import { composition } from '../composition.ts';
import { registerRoute } from '../register-route.ts';
import { sandboxRoute, shadowRoute, trySandboxRoute } from './routes.ts';

/** A worker for each version, apart from those of the pipeline, and behind them where a machine has both. */
const sandbox = memo(async () => {
  const options = { ...processingOptions(composition.settings()), workers: 1 };
  const released = askWorkers(options, { isBackground: true });
  const candidate = askWorkers(options, { isBackground: true, candidates: deployedCandidates() });
  composition.onClose(async () => {
    await Promise.all([released.close(), candidate.close()]);
  });
  const [storage, processors] = await Promise.all([composition.storageReader(), loadProcessors()]);
  return makeSandbox({ released, candidate, processors, storage });
});

registerRoute(sandboxRoute, async () => {
  const { processors, candidates } = await sandbox();
  const { candidates: deployed, problem } = await candidates();
  const released = new Map(processors.map(({ name, version }) => [name, version]));
  return {
    jsonBody: {
      candidates: deployed.map((one) => ({ ...one, releasedVersion: released.get(one.name) ?? null })),
      problem,
      maxBytes: sandboxLimits.maxPhotoBytes,
    },
  };
});

const decodingMs = (run: Run): number | null => ('made' in run ? (run.made.times?.decoding ?? null) : null);

/** With what is to be seen. */
function shown(run: Run, { name, kind }: Compared, made: Compared['released']) {
  if (made === null || !('made' in run)) return null;
  const bytes = run.made.variants.find((one) => one.name === name)?.bytes;
  const isShown =
    kind === 'variant' && bytes !== undefined && bytes.byteLength <= sandboxLimits.maxShownBytes;
  const value = kind === 'fact' ? run.made.facts.find((one) => one.name === name)?.value : null;
  return { ...made, picture: isShown ? Buffer.from(bytes).toString('base64') : null, value: value ?? null };
}

registerRoute(trySandboxRoute, async ({ request, principal, log }) => {
  const { tryPhoto } = await sandbox();
  const { runs, rows, bytes } = await tryPhoto(requestBody(request));
  const { released, candidate } = runs;
  const made = 'made' in released ? released.made : 'made' in candidate ? candidate.made : undefined;
  const image =
    made === undefined
      ? null
      : { contentType: made.header.contentType, width: made.header.width, height: made.header.height, bytes };
  log.info('sandbox.tried', { actor: principal.id, bytes, rows: rows.length });
  return {
    jsonBody: {
      image,
      decodingMs: { released: decodingMs(released), candidate: decodingMs(candidate) },
      rows: rows.map((row) => ({
        ...row,
        released: shown(released, row, row.released),
        candidate: shown(candidate, row, row.candidate),
      })),
    },
  };
});

registerRoute(shadowRoute, async ({ body: { imageId }, principal, log }) => {
  const { shadow } = await sandbox();
  const answer = await shadow(imageId);
  log.info('sandbox.shadowed', {
    actor: principal.id,
    imageId,
    skipped: answer.skipped,
    rows: answer.rows.length,
  });
  return { jsonBody: answer };
});

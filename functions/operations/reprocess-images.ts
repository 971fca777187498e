import { DarkroomError } from '../../shared/platform/errors.ts';
import { registerRoute } from '../register-route.ts';
import { reprocess } from './composition.ts';
import { reprocessRoute } from './routes.ts';

/** The version that images should have been made by: the one asked for, else that of the processor as it is now. */
async function versionOf(name: string, asked: string | undefined): Promise<string> {
  if (asked !== undefined) return asked;
  const { loadProcessors } = await import('../../shared/images/process/registry.ts');
  const processors = await loadProcessors();
  const processor = processors.find((one) => one.name === name);
  if (processor !== undefined) return processor.version;
  const names = processors.map((one) => one.name).join(', ');
  throw new DarkroomError('invalid-value', `There is no processor of this name; there are ${names}.`);
}

registerRoute(reprocessRoute, async ({ body, principal, log }) => {
  const { ids, unprocessed, processor: name, dryRun, reason } = body;
  const processor = name === undefined ? undefined : { name, version: await versionOf(name, body.version) };
  const run = await reprocess(log);
  const report = await run({ ids, unprocessed, processor }, { dryRun });
  log.info('reprocess.asked', { ...report, actor: principal.id, reason, unprocessed, processor });
  return { status: dryRun ? 200 : 202, jsonBody: report };
});

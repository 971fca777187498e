import { app } from '@azure/functions';
import { makeNoteStart } from '../../shared/operations/lag/note-start.ts';
import { makeJsonDocuments } from '../../shared/platform/blobs/json-documents.ts';
import { enabledServices } from '../../shared/platform/enabled-services.ts';
import { processLog } from '../../shared/platform/log.ts';
import type { ServiceName } from '../../shared/platform/services.ts';
import { composition } from '../composition.ts';
import { lagLog, operationsContainer } from '../lag-log.ts';
import { packageVersion } from '../package-version.ts';

/** Hosts whose start the lag of a hub may feel. */
const readers: readonly ServiceName[] = ['stream', 'processing', 'operations'];

/** The first request goes before; a lag is measured by the minute. Milliseconds. */
const delay = 1_000;

async function noteStart(): Promise<void> {
  const services = enabledServices(composition.settings().DARKROOM_SERVICES);
  if (!services.some((name) => readers.includes(name))) return;
  const hosts = makeJsonDocuments<{ version: string }>(await operationsContainer(), 'hosts/');
  const note = makeNoteStart({ hosts, log: await lagLog(), clock: composition.clock() });
  await note(composition.settings().DARKROOM_SERVICES ?? 'all', packageVersion);
}

// Nothing waits for it: a start is not slower for it, and fails at nothing of it.
app.hook.appStart(() => {
  const note = () => noteStart().catch((error: unknown) => processLog().error('start.not-noted', error));
  setTimeout(() => void note(), delay).unref();
});

import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runComponent } from '../../support/component.ts';
import { call, expectStatus } from './call.ts';
import type { Picture } from './whole-stack.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A functions host of its own with `bare-function.ts` and nothing else, on the parts of the bare loop. */
export async function openBareHost(given: { storage: string; eventHubs: string }) {
  const bundle = `${root}node_modules/.cache/bare-function-${process.pid}.cjs`;
  await build({
    entryPoints: [`${root}tests/bench/support/bare-function.ts`],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node24',
    external: ['@azure/functions-core'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  const part = await runComponent(
    'infra/local/functions-host/main.ts',
    ['--bundle', bundle, '--host-json', 'host.json', '--port', '0'],
    {
      ...{ BARE_STORAGE: given.storage, BARE_EVENT_HUBS: given.eventHubs },
      AzureWebJobsStorage: given.storage,
    },
  );
  const url = `http://127.0.0.1:${String(part.announcement['port'])}/api/bare`;
  return {
    /** Of a blob: `CONTAINER/NAME`. */
    address: (blob: string): string => `${url}/${blob}`,
    async upload({ bytes, contentType }: Picture): Promise<void> {
      expectStatus(await call('POST', url, { 'content-type': contentType }, bytes), 202);
    },
    async close() {
      await part.stop();
      await rm(bundle, { force: true });
    },
  };
}

export type BareHost = Awaited<ReturnType<typeof openBareHost>>;

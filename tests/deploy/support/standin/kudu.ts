import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AdmZip from 'adm-zip';
import { notFound, type Call, type Reply, type State } from './state.ts';

const collector = fileURLToPath(new URL('../../../../infra/azure/collect-functions.cjs', import.meta.url));

/** Unpacks what was published and loads it under the app's own settings, as the platform does. */
function load(zip: Buffer, settings: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-published-'));
  try {
    new AdmZip(zip).extractAllTo(folder, true);
    const output = execFileSync(process.execPath, [collector, join(folder, 'dist/main.cjs')], {
      encoding: 'utf8',
      env: { ...settings, PATH: process.env['PATH'] },
      maxBuffer: 32 * 1024 * 1024,
    });
    return (JSON.parse(output) as { name: string }[]).map(({ name }) => name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function publish(state: State, call: Call, site: string): Reply {
  if (call.headers['content-type'] !== 'application/zip') return { status: 415 };
  if (call.query.get('RemoteBuild') !== 'false') return { status: 400 };
  const id = `publish-${state.publishes.size}`;
  state.publishes.set(id, { site, zip: call.body, looks: 0 });
  return { status: 202, json: id };
}

/** Flex Consumption's publish endpoint: takes a zip, says later how it went. */
export function kudu(state: State, call: Call): Reply {
  const site = call.host.split('.')[0] ?? '';
  const app = state.sites.get(site);
  if (!app) return notFound(site);
  if (!app.enabled) return { status: 403, json: { Message: 'This web app is stopped.' } };
  if (call.method === 'POST' && call.path === '/api/publish') return publish(state, call, site);
  const id = /^\/api\/deployments\/([^/]+)$/.exec(call.path)?.[1] ?? '';
  const job = state.publishes.get(id);
  if (job?.site !== site) return notFound(id);
  job.looks += 1;
  // Not known yet, then under way, then done: what the real endpoint does.
  if (job.looks === 1) return notFound(id);
  if (job.looks === 2) return { status: 200, json: { id, status: 1, complete: false } };
  app.functions = state.loadsNothing ? [] : load(job.zip, app.settings);
  return { status: 200, json: { id, status: 4, complete: true } };
}

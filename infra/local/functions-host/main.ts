/** Runs a function app on this machine: `node infra/local/functions-host/main.ts --bundle F --host-json F --port N`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runAsPart } from '../part.ts';
import { startHost } from './host.ts';

const { values } = parseArgs({
  options: {
    bundle: { type: 'string', default: 'dist/main.cjs' },
    'host-json': { type: 'string', default: 'host.json' },
    pages: { type: 'string', default: 'web/dist' },
    port: { type: 'string', default: '7071' },
    instance: { type: 'string', default: 'local' },
  },
});

await runAsPart(async () => {
  const host = await startHost({
    bundle: resolve(values.bundle),
    hostJson: resolve(values['host-json']),
    pages: resolve(values.pages),
    port: Number(values.port),
    instance: values.instance,
    environment: process.env,
  });
  return { announce: { port: host.port, functions: host.functions }, close: () => host.close() };
});

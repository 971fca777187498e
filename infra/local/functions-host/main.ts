/** Runs a function app on this machine: `node infra/local/functions-host/main.ts --bundle F --host-json F --port N`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runAsComponent } from '../component.ts';
import { startHost } from './host.ts';

const { values } = parseArgs({
  options: {
    bundle: { type: 'string', default: 'dist/main.cjs' },
    'host-json': { type: 'string', default: 'host.json' },
    pages: { type: 'string', default: 'web/dist' },
    keys: { type: 'string' },
    port: { type: 'string', default: '7071' },
    instance: { type: 'string', default: 'local' },
  },
});

await runAsComponent(async () => {
  const host = await startHost({
    bundle: resolve(values.bundle),
    hostJson: resolve(values['host-json']),
    pages: resolve(values.pages),
    keys: values.keys,
    port: Number(values.port),
    instance: values.instance,
    environment: process.env,
    onGiveUp: () => process.exit(1),
  });
  // A deployment: the package was exchanged, and what runs comes to its end.
  process.on('SIGHUP', () => {
    host.roll().then(
      () => process.stdout.write(`${JSON.stringify({ event: 'rolled' })}\n`),
      (error: unknown) =>
        process.stdout.write(`${JSON.stringify({ event: 'roll-failed', message: String(error) })}\n`),
    );
  });
  return { announce: { port: host.port, functions: host.functions }, close: () => host.close() };
});

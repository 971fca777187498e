/** The local OIDC issuer in a process of its own: `main.ts --data DIR [--port N] [--issuer URL]`. */
import { parseArgs } from 'node:util';
import { runAsComponent } from '../component.ts';
import { startIdentity } from './server.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '7072' },
    issuer: { type: 'string' },
  },
});
const { data } = values;
if (data === undefined) {
  console.error('Usage: main.ts --data DIR [--port N] [--issuer URL]');
  process.exit(2);
}

await runAsComponent(async () => {
  const identity = await startIdentity({ directory: data, port: Number(values.port), issuer: values.issuer });
  return {
    announce: { port: identity.port, issuer: identity.issuer },
    close: () => identity.close(),
  };
});

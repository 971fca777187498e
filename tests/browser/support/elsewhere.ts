import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = fileURLToPath(new URL('../pages/other-clients.ts', import.meta.url));

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Elsewhere</title>
<input type="file" aria-label="File"><script type="module" src="/page.js"></script></html>`;

/** The page of another application, at an origin of its own: `localhost`, and the same at `127.0.0.1`. */
export async function serveElsewhere() {
  const options = { bundle: true, write: false, format: 'esm', platform: 'browser' } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [entry], target: 'es2023' });
  const script = outputFiles[0]!.contents;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : page);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    originNotAllowed: `http://127.0.0.1:${port}`,
    close: () => server.close(),
  };
}

export type Elsewhere = Awaited<ReturnType<typeof serveElsewhere>>;

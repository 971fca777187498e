import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { generate } from 'selfsigned';

/** The hosts that the stand-in answers for; anything else is refused, so that nothing can leave the machine. */
const hosts = [
  'login.microsoftonline.com',
  'management.azure.com',
  'api.loganalytics.io',
  '*.blob.core.windows.net',
  '*.scm.azurewebsites.net',
  '*.vault.azure.net',
  'token.actions.example',
];

const known = (host: string): boolean =>
  hosts.some((one) => (one.startsWith('*.') ? host.endsWith(one.slice(1)) : host === one));

export interface Endpoint {
  /** For HTTPS_PROXY. */
  readonly proxy: string;
  /** For NODE_EXTRA_CA_CERTS: the certificate is its own authority. */
  readonly certificate: string;
  /** Hosts that were asked for and are none of Azure's. */
  readonly strangers: readonly string[];
  close(): Promise<void>;
}

const listen = async (server: Server | ReturnType<typeof createHttps>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** A proxy that leads every name of Azure to one HTTPS server on this machine. */
export async function startEndpoint(handler: RequestListener): Promise<Endpoint> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'darkroom rehearsal' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  const secure = createHttps({ cert, key }, handler);
  const port = await listen(secure);
  const sockets = new Set<Socket>();
  const strangers: string[] = [];
  const proxy = createHttp((_request, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket: Socket, head: Buffer) => {
    const host = (request.url ?? '').replace(/:\d+$/, '');
    if (!known(host)) {
      strangers.push(host);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) target.write(head);
      target.pipe(socket).pipe(target);
    });
    for (const one of [socket, target]) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => sockets.delete(one));
    }
  });
  const proxyPort = await listen(proxy);
  return {
    proxy: `http://127.0.0.1:${proxyPort}`,
    certificate: cert,
    strangers,
    async close() {
      for (const socket of sockets) socket.destroy();
      secure.closeAllConnections();
      await Promise.all([secure, proxy].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What a PostgreSQL client says when it closes a connection, which asks nothing. */
const terminate = 0x58;

/** A relay in front of a PostgreSQL server that tells when somebody asks it something. */
export async function startCountingProxy(address: string, onAsked: () => void) {
  const url = new URL(address);
  const target = { host: url.searchParams.get('host')!, port: Number(url.searchParams.get('port')) };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    client.on('data', (bytes) => {
      if (bytes[0] !== terminate) onAsked();
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url.searchParams.set('port', String((server.address() as AddressInfo).port));
  url.searchParams.set('host', '127.0.0.1');
  return {
    address: url.href,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

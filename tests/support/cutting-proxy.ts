import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** A TCP relay in front of a server that can break what goes through it, as a bad network does. */
export interface CuttingProxy {
  readonly port: number;
  /** Breaks every connection there is now; answers how many those were. */
  cut(): number;
  /** Lets nothing more reach the server, on any connection, until `release`. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

/** Lets no more than so many bytes a second through, each piece once `open()` has come. */
const slowly = (bytesPerSecond: number, open: () => Promise<void>): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      setTimeout(() => void open().then(() => done(null, chunk)), (chunk.length / bytesPerSecond) * 1000);
    },
  });

/** A gate that everybody waits at while it is held. */
function makeGate() {
  let opened: Promise<void> = Promise.resolve();
  let release: (() => void) | undefined;
  return {
    hold: () => {
      if (release === undefined) opened = new Promise((resolve) => (release = resolve));
    },
    release: () => {
      release?.();
      release = undefined;
    },
    open: () => opened,
  };
}

export async function startCuttingProxy(target: {
  host: string;
  port: number;
  bytesPerSecond: number;
}): Promise<CuttingProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const gate = makeGate();
  const server = createServer((client) => {
    const upstream = connect(target);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    client.pipe(slowly(target.bytesPerSecond, gate.open)).pipe(upstream).pipe(client);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      const broken = [...pairs];
      for (const [client, upstream] of broken) {
        client.resetAndDestroy();
        upstream.resetAndDestroy();
      }
      return broken.length;
    },
    hold: gate.hold,
    release: gate.release,
    close: () =>
      new Promise((resolve) => {
        for (const [client, upstream] of pairs) {
          client.destroy();
          upstream.destroy();
        }
        server.close(() => resolve());
      }),
  };
}

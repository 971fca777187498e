import { createServer, type AddressInfo } from 'node:net';

/** Every port of the stack, by what listens on it. */
export interface Ports {
  readonly api: number;
  readonly identity: number;
  readonly blob: number;
  readonly amqp: number;
  readonly kafka: number;
  /** The two servers of the database, of which one is the primary. */
  readonly database: number;
  readonly replica: number;
}

export const defaultPorts: Ports = {
  api: 7071,
  identity: 7072,
  database: 7073,
  replica: 7074,
  blob: 10000,
  amqp: 5672,
  kafka: 9092,
};

const mapPorts = (change: (name: keyof Ports) => number): Ports => {
  const names = Object.keys(defaultPorts) as (keyof Ports)[];
  return Object.fromEntries(names.map((name) => [name, change(name)])) as unknown as Ports;
};

export const shiftedPorts = (offset: number): Ports => mapPorts((name) => defaultPorts[name] + offset);

async function bind(port: number) {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return { port: bound, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

/** Below the range from which systems take ports for outgoing connections, which would take a dead component's. */
const range = { first: 20_000, last: 32_000 } as const;

/**
 * Processes that look at the same time begin far from each other, and none gives a port twice: it may be free between two
 * holders. The stride is a prime near the golden section of the range, so that the ids of processes started one after another
 * fall between those before; a coarser spread gave two processes one port.
 */
const stride = 7417;
let next = range.first + ((process.pid * stride) % (range.last - range.first));

async function bindAny(): Promise<Awaited<ReturnType<typeof bind>>> {
  const port = next;
  next = next + 1 < range.last ? next + 1 : range.first;
  return bind(port).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return bindAny();
  });
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const { port, close } = await bindAny();
  await close();
  return port;
}

/** Ports that are free now, all held until each is known; a component keeps its port over restarts. */
export async function freePorts(): Promise<Ports> {
  const names = Object.keys(defaultPorts) as (keyof Ports)[];
  const bound = await Promise.all(names.map(() => bindAny()));
  await Promise.all(bound.map(({ close }) => close()));
  return mapPorts((name) => bound[names.indexOf(name)]!.port);
}

/** Throws a sentence that names the first port that is taken and the way out. */
export async function checkPorts(ports: Ports): Promise<void> {
  for (const [name, port] of Object.entries(ports) as [keyof Ports, number][]) {
    try {
      await (await bind(port)).close();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      const reason = code === 'EACCES' ? 'may not be used by you' : 'is taken by another program';
      throw new Error(
        `Port ${port} (${name}) ${reason}. Stop that program, or move every port of Darkroom: npm start -- --port-offset 1000`,
        { cause: error },
      );
    }
  }
}

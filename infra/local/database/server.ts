import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { SessionError, SharedSession, type Client } from './session.ts';
import { beforeTerminate, fatal, int32, message, readStartup, requests, wholeMessages } from './wire.ts';

/** A client that holds the session in a transaction and says nothing for so long is put out: others wait for it. */
const idleInTransactionMs = 60_000;

const greeting = (client: Client): Buffer =>
  Buffer.concat([
    message('R', int32(0)),
    ...Object.entries({
      server_version: '17.0 (PGlite)',
      server_encoding: 'UTF8',
      client_encoding: 'UTF8',
      DateStyle: 'ISO, MDY',
      TimeZone: 'GMT',
      integer_datetimes: 'on',
      standard_conforming_strings: 'on',
    }).map(([name, value]) => message('S', name, value)),
    message('K', int32(client.id), int32(0)),
    message('Z', Buffer.from('I')),
  ]);

/** One socket: buffers what arrives and passes whole messages on, one batch at a time. */
class Connection {
  private readonly socket: Socket;
  private readonly session: SharedSession;
  private readonly id: number;
  private readonly failed: (error: unknown) => void;
  private left!: () => void;
  /** Resolves when the socket is closed and nothing of it is left in the session. */
  readonly done = new Promise<void>((resolve) => (this.left = resolve));
  private client: Client | undefined;
  private received: Buffer = Buffer.alloc(0);
  private working = false;
  private gone = false;
  private idle: NodeJS.Timeout | undefined;

  constructor(socket: Socket, session: SharedSession, id: number, failed: (error: unknown) => void) {
    this.socket = socket;
    this.session = session;
    this.id = id;
    this.failed = failed;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
      void this.work();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.gone = true;
      void this.work();
    });
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    clearTimeout(this.idle);
    try {
      while (!this.gone && (this.client === undefined ? this.greet() : await this.pass(this.client)));
      if (this.gone && this.client !== undefined) await this.session.leave(this.client);
    } catch (error) {
      this.end('28000', error instanceof SessionError ? error.message : 'The engine failed.');
      if (!(error instanceof SessionError)) this.failed(error);
      else if (this.client !== undefined) await this.session.leave(this.client);
    } finally {
      this.working = false;
    }
    if (!this.gone) return;
    this.client = undefined;
    this.left();
  }

  /** Answers whether there may be more to do. */
  private greet(): boolean {
    const startup = readStartup(this.received);
    if (startup === undefined) return false;
    this.received = this.received.subarray(startup.bytes);
    if (startup.code === requests.ssl || startup.code === requests.gss) {
      this.socket.write('N');
    } else if (startup.code === requests.protocol3) {
      this.client = { id: this.id, user: startup.parameters['user'] ?? 'postgres' };
      this.socket.write(greeting(this.client));
    } else {
      this.socket.end();
      return false;
    }
    return true;
  }

  private async pass(client: Client): Promise<boolean> {
    const whole = wholeMessages(this.received);
    if (whole === 0) return false;
    const { bytes, terminates } = beforeTerminate(this.received.subarray(0, whole));
    const messages = this.received.subarray(0, bytes);
    this.received = this.received.subarray(whole);
    if (bytes > 0) {
      await this.session.acquire(client);
      if (this.gone) return false;
      const isIdle = await this.session.send(messages, (chunk) => this.socket.write(Buffer.from(chunk)));
      if (isIdle) this.session.release(client);
      else this.watchIdleness();
    }
    if (terminates) this.socket.end();
    return !terminates;
  }

  private watchIdleness(): void {
    this.idle = setTimeout(() => {
      this.end('25P03', 'The transaction was idle for too long while others waited.');
    }, idleInTransactionMs);
  }

  private end(sqlState: string, text: string): void {
    if (this.socket.writable) this.socket.end(fatal(sqlState, text));
    this.socket.destroySoon();
  }
}

export interface EndPoint {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the engine to PostgreSQL clients on loopback. Whoever is on this machine may sign in as any role. `failed` is
 * told when the engine itself breaks: its state is unknown then, so the process should end.
 */
export async function serve(
  engine: PGlite,
  port: number,
  failed: (error: unknown) => void,
): Promise<EndPoint> {
  const session = new SharedSession(engine);
  const open = new Map<Socket, Promise<void>>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections += 1;
    const connection = new Connection(socket, session, connections, failed);
    open.set(socket, connection.done);
    void connection.done.then(() => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const ends = [...open.values()];
      for (const socket of open.keys()) socket.destroy();
      await Promise.all([closed, ...ends]);
    },
  };
}

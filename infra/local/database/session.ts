import type { PGlite } from '@electric-sql/pglite';
import { errorIn, query, StatusFollower, sync } from './wire.ts';

/** One client of the engine's single session. */
export interface Client {
  readonly id: number;
  /** The role that it signed in as. */
  readonly user: string;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Shares PGlite's one session between many clients, a transaction at a time, as a pooler in transaction mode does: a
 * client has the session from its first message until the engine says that it is idle again, so that neither
 * transactions nor the steps of an extended query of two clients ever interleave. What a client sets for its session
 * (role, settings, prepared statements, locks, temporary tables) is gone when another one has its turn.
 */
export class SharedSession {
  private readonly engine: PGlite;
  private readonly waiting: { readonly client: Client; readonly start: () => void }[] = [];
  private owner: Client | undefined;
  private last: Client | undefined;
  private readonly follower = new StatusFollower();

  constructor(engine: PGlite) {
    this.engine = engine;
  }

  /** Resolves when it is this client's turn; a client that has the session keeps it. */
  async acquire(client: Client): Promise<void> {
    if (this.owner === client) return;
    if (this.owner === undefined) this.owner = client;
    else await new Promise<void>((start) => this.waiting.push({ client, start }));
    if (this.last !== client) {
      await this.run(handOver(client.user));
      this.last = client;
    }
  }

  /** Whole messages of the owner; answers whether the engine is idle again. */
  async send(messages: Uint8Array, answer: (chunk: Uint8Array) => void): Promise<boolean> {
    this.follower.begin();
    await this.engine.execProtocolRawStream(messages, {
      onRawData: (chunk) => {
        this.follower.follow(chunk);
        answer(chunk);
      },
    });
    return this.follower.status() === 'I';
  }

  release(client: Client): void {
    if (this.owner !== client) return;
    const next = this.waiting.shift();
    this.owner = next?.client;
    next?.start();
  }

  /** The client is gone: what it had begun is rolled back, what it kept open is closed, and the next one has its turn. */
  async leave(client: Client): Promise<void> {
    if (this.owner === client) {
      await this.send(sync, () => undefined);
      await this.run('ROLLBACK');
      this.last = undefined;
      this.release(client);
    }
    await this.closeCursors(client);
  }

  /** Held cursors outlive their transaction, and so other clients' turns; their names begin with `c{client}_`. */
  private async closeCursors(client: Client): Promise<void> {
    const closer: Client = { id: -client.id, user: 'postgres' };
    await this.acquire(closer);
    try {
      await this.run(
        `DO $$ DECLARE n text; BEGIN FOR n IN SELECT name FROM pg_cursors WHERE name LIKE 'c${client.id}\\_%'
         LOOP EXECUTE 'CLOSE ' || quote_ident(n); END LOOP; END $$`,
      );
    } finally {
      this.release(closer);
    }
  }

  private async run(statements: string): Promise<void> {
    const answers: Buffer[] = [];
    await this.send(query(statements), (chunk) => answers.push(Buffer.from(chunk)));
    const failure = errorIn(Buffer.concat(answers));
    if (failure !== undefined) throw new SessionError(failure);
  }
}

export class SessionError extends Error {}

/** DISCARD ALL without its CLOSE ALL (held cursors belong to others) and DISCARD PLANS (a plan belongs to nobody). */
const handOver = (user: string): string =>
  [
    'RESET SESSION AUTHORIZATION',
    'RESET ALL',
    'DEALLOCATE ALL',
    'UNLISTEN *',
    'SELECT pg_advisory_unlock_all()',
    'DISCARD TEMP',
    'DISCARD SEQUENCES',
    `SET SESSION AUTHORIZATION ${quoted(user)}`,
  ].join(';');

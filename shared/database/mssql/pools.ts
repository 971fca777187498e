import sql from 'mssql';
import { credentialOf } from '../../platform/credential.ts';
import { processLog, type Log } from '../../platform/log.ts';
import type { SchemaName } from '../catalog/index.ts';
import { roleOf } from '../roles.ts';
import { whenAvailable } from './connect.ts';
import { fromDriver } from './errors.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

export interface MssqlOptions {
  /** The user-assigned identity that signs in; without it the default credential does. */
  readonly clientId?: string | undefined;
  /** A SQL login for each role: tests only, Azure has none. Otherwise the app's identity is a member of its roles. */
  readonly loginOf?: (role: string) => Login;
  readonly log?: Log;
}

const requestTimeoutMs = 60_000;

/** Roles whose queries may be served by a secondary replica. */
const readsReplica = (schema: string): boolean => schema === 'analytics';

/** Where the schema's calls connect, without secrets of ours: Entra signs in unless the address names a user. */
export function configOf(address: string, schema: SchemaName, options: MssqlOptions): sql.config {
  const parsed = sql.ConnectionPool.parseConnectionString(address) as sql.config;
  const login = options.loginOf?.(roleOf(schema));
  const usesPassword = login !== undefined || parsed.user !== undefined;
  return {
    ...parsed,
    ...login,
    requestTimeout: requestTimeoutMs,
    pool: { max: 10, min: 0, idleTimeoutMillis: 30_000 },
    options: {
      ...parsed.options,
      appName: `darkroom ${schema}`,
      enableArithAbort: true,
      useUTC: true,
      readOnlyIntent: readsReplica(schema),
    },
    ...(usesPassword
      ? {}
      : {
          authentication: {
            type: 'token-credential',
            options: { credential: credentialOf(options.clientId) },
          },
        }),
  };
}

/** One pool for each role, connected when its first call comes. */
export class Pools {
  private readonly address: string;
  private readonly options: MssqlOptions;
  private readonly log: Log;
  private readonly pools = new Map<SchemaName, Promise<sql.ConnectionPool>>();

  constructor(address: string, options: MssqlOptions) {
    this.address = address;
    this.options = options;
    this.log = options.log ?? processLog({ part: 'database' });
  }

  of(schema: SchemaName): Promise<sql.ConnectionPool> {
    const known = this.pools.get(schema);
    if (known !== undefined) return known;
    const opening = this.open(schema).catch((error: unknown) => {
      this.pools.delete(schema);
      throw fromDriver(error);
    });
    this.pools.set(schema, opening);
    return opening;
  }

  private open(schema: SchemaName): Promise<sql.ConnectionPool> {
    const open = async (): Promise<sql.ConnectionPool> => {
      const pool = new sql.ConnectionPool(configOf(this.address, schema, this.options));
      pool.on('error', (error: unknown) => this.log.warn('database.connection-failed', { schema, error }));
      return pool.connect();
    };
    const reason = 'paused, moving or not reachable';
    return whenAvailable(open, (error, attempt, delayMs) =>
      this.log.warn('database.waiting', { schema, attempt, delayMs, reason, error }),
    );
  }

  async close(): Promise<void> {
    const open = await Promise.allSettled(this.pools.values());
    this.pools.clear();
    await Promise.all(open.flatMap((pool) => (pool.status === 'fulfilled' ? [pool.value.close()] : [])));
  }
}

import { enabledServices } from '../../shared/platform/enabled-services.ts';
import type { Database } from '../../shared/database/port.ts';
import type { Check } from '../../shared/operations/health.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { composition } from '../composition.ts';
import type { ServiceName } from '../../shared/platform/services.ts';

const one = { limit: 1 } as const;

type DatabaseProbe = (database: Database) => Promise<unknown>;

/** Whose rights a service has in the database, and a view there that answers at once. */
const databaseProbes: Readonly<Record<ServiceName, DatabaseProbe | undefined>> = {
  // Takes images while the database is away.
  upload: undefined,
  stream: (database) => database.query('storage_writer', 'images', one),
  processing: (database) => database.query('storage_writer', 'images', one),
  purge: (database) => database.query('storage_writer', 'images', one),
  read: (database) => database.query('storage_reader', 'images', one),
  operations: (database) => database.query('operations', 'migrations', one),
  logistics: (database) => database.query('logistics', 'orders', one),
  sales: (database) => database.query('sales', 'products', one),
  analytics: (database) => database.query('analytics', 'membership', one),
  warehouse: (database) => database.query('warehouse', 'exports', one),
};

const blobUsers: readonly ServiceName[] = ['upload', 'stream', 'processing', 'purge', 'read', 'operations'];
const hubUsers: readonly ServiceName[] = ['upload', 'stream', 'processing', 'operations'];

async function probeStorage(reads: boolean): Promise<void> {
  const [{ blobService }, { probeBlobs }] = await Promise.all([
    import('../../shared/platform/blobs/blob-service.ts'),
    import('../../shared/platform/blobs/probe.ts'),
  ]);
  const settings = composition.settings();
  const clientId = reads
    ? settings.DARKROOM_STORAGE_READER_CLIENT_ID
    : settings.DARKROOM_STORAGE_WRITER_CLIENT_ID;
  await probeBlobs(blobService(settings.DARKROOM_IMAGE_STORAGE, clientId));
}

async function probeIssuer(): Promise<void> {
  const issuer = composition.settings().DARKROOM_TOKEN_ISSUER.replace(/\/$/, '');
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(4_000),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The issuer answered ${response.status}.`);
}

async function probeHubs(): Promise<void> {
  await (await composition.hubReader()).partitions(hubs.stream);
}

/** Checks of what the services of this app depend on. */
export function checksOfApp(): Promise<readonly Check[]> {
  const services = enabledServices(composition.settings().DARKROOM_SERVICES);
  const uses = (names: readonly ServiceName[]): boolean => services.some((name) => names.includes(name));
  const probes = services.map((name) => databaseProbes[name]).filter((look) => look !== undefined);
  const probeDatabase = async (): Promise<unknown> => {
    const database = await composition.database();
    return Promise.all(probes.map((look) => look(database)));
  };
  const reads = !uses(blobUsers.filter((name) => name !== 'read'));
  const checks: (Check | false)[] = [
    { name: 'identity', probe: probeIssuer },
    probes.length > 0 && { name: 'database', probe: probeDatabase },
    uses(blobUsers) && { name: 'image-storage', probe: () => probeStorage(reads) },
    uses(hubUsers) && { name: 'event-hubs', probe: probeHubs },
  ];
  return Promise.resolve(checks.filter((check) => check !== false));
}

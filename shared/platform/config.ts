import { z } from 'zod';
import { enabledServices } from './enabled-services.ts';

/** A blob account: its URL (then the identity signs in) or a connection string (the emulator, tests). */
const storageAccount = z.string().min(1);
const milliseconds = z.coerce.number().int().positive();
const count = z.coerce.number().int().positive();

/**
 * The environment, as the code sees it. Each key is an app setting; infra/azure sets them, and a test holds that
 * template and schema agree. Defaults are production's.
 */
export const settings = z.object({
  DARKROOM_SERVICES: z.string().optional(),
  /** `https://ACCOUNT.blob.core.windows.net` or a connection string: containers raw, processed, dead-letters. */
  DARKROOM_IMAGE_STORAGE: storageAccount,
  /** The same for the lake account. */
  DARKROOM_LAKE_STORAGE: storageAccount.optional(),
  /**
   * The same for the container `ledger`, in which the writer can add and not change. More of them, comma-separated: those of
   * other regions, in which files are looked for that the first has not got.
   */
  DARKROOM_LEDGER_STORAGE: storageAccount.optional(),
  /** What signs the ledger of erasures, as C2SP signed-note has it: `PRIVATE+KEY+NAME+ID+BASE64`. */
  DARKROOM_LEDGER_KEY: z.string().min(1).optional(),
  /** Who is sent each checkpoint of the ledger, by POST as text, and may keep it. */
  DARKROOM_LEDGER_WEBHOOK: z.url().optional(),
  /** Client ids of user-assigned identities; without them the default credential signs in. */
  DARKROOM_STORAGE_WRITER_CLIENT_ID: z.string().optional(),
  DARKROOM_STORAGE_READER_CLIENT_ID: z.string().optional(),
  DARKROOM_LAKE_CLIENT_ID: z.string().optional(),
  DARKROOM_DATABASE_CLIENT_ID: z.string().optional(),
  DARKROOM_EVENT_HUBS: z.string().optional(),
  DARKROOM_EVENT_HUBS__fullyQualifiedNamespace: z.string().optional(),
  DARKROOM_EVENT_HUBS__clientId: z.string().optional(),
  /** Host storage accounts that hold checkpoints, as URLs or a connection string, comma-separated: to measure lag. */
  DARKROOM_CHECKPOINT_STORAGE: z.string().optional(),
  /** Partitions of each stream hub and throughput units at most, as they were deployed: to show beside what is there. */
  DARKROOM_HUB_PARTITIONS: count.optional(),
  DARKROOM_HUB_MAXIMUM_UNITS: count.optional(),
  /** `Server=…;Database=…` for Azure SQL, `postgres://…` for the embedded engine. */
  DARKROOM_DATABASE: z.string().min(1),
  /**
   * Whether the database pauses when nobody asks it: timers then ask only when something has changed or is due, and an app
   * tells of its changes in the container `activity`.
   */
  DARKROOM_DATABASE_SLEEPS: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  /** OIDC issuer and audience of access tokens. */
  DARKROOM_TOKEN_ISSUER: z.url(),
  DARKROOM_TOKEN_AUDIENCE: z.string().min(1),
  /** Microsoft Graph, or what answers as it does: through which groups somebody has which application roles. */
  DARKROOM_DIRECTORY: z.url().optional(),
  /**
   * Key for signed variant URLs, base64, 32 bytes or more, where the service `read` runs and nowhere else; a second one may
   * be verified while keys rotate.
   */
  DARKROOM_URL_SIGNING_KEY: z.string().min(43).optional(),
  DARKROOM_URL_SIGNING_KEY_PREVIOUS: z.string().optional(),
  /** Where clients reach the API, without a trailing slash; links are relative when it is not set. */
  DARKROOM_PUBLIC_URL: z.url().optional(),
  /**
   * Front Door endpoint whose cached paths an erasure purges: its ARM resource id, or of the local one the whole address with a
   * key as password; none means no CDN.
   */
  DARKROOM_CDN_ENDPOINT_ID: z.string().optional(),
  /** One image may have, however it comes; what is accepted is processed. */
  DARKROOM_MAX_IMAGE_BYTES: count.default(1024 * 1024 * 1024),
  /** One POST may bring, which the host holds as a whole; a larger image comes as a resumable upload. */
  DARKROOM_MAX_UPLOAD_BYTES: count.default(90 * 1024 * 1024),
  /** Origins of pages elsewhere that may use the upload routes, comma-separated; the console's own needs none. */
  DARKROOM_ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    ),
  /**
   * Pixels of one image, whatever its type: for whoever wants fewer than fit. What an image may have follows from the memory
   * that decoding its type takes, see DARKROOM_PROCESSING_MEMORY_MB.
   */
  DARKROOM_MAX_PIXELS: count.default(1_000_000_000),
  DARKROOM_PROCESSING_TIMEOUT_MS: milliseconds.default(60_000),
  /** One image may take in its worker; what would take more, as its header tells, is rejected before it is decoded. */
  DARKROOM_PROCESSING_MEMORY_MB: count.default(512),
  /** 0 means: from cores and memory. */
  DARKROOM_PROCESSING_WORKERS: z.coerce.number().int().nonnegative().default(0),
  /** `javascript` takes jimp's own codecs, for a platform that sharp has no build for. */
  DARKROOM_PROCESSING_ENGINE: z.enum(['native', 'javascript']).default('native'),
  /** A file that holds milliseconds to add to the system's time: demos and tests only. */
  DARKROOM_CLOCK_OFFSET_FILE: z.string().optional(),
});

export type Settings = z.infer<typeof settings>;

/** Reads the environment and reports every fault together, by name and rule, never by value. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = settings.safeParse(present);
  const unresolved = Object.entries(present)
    .filter(([, value]) => value?.startsWith('@Microsoft.KeyVault('))
    .map(([name]) => `  ${name}: Azure has not resolved this reference to a secret`);
  const unsigned =
    present['DARKROOM_URL_SIGNING_KEY'] === undefined &&
    enabledServices(present['DARKROOM_SERVICES']).includes('read');
  if (result.success && unresolved.length === 0 && !unsigned) return result.data;
  const issues = result.error?.issues ?? [];
  const faults = [
    ...unresolved,
    ...(unsigned ? ['  DARKROOM_URL_SIGNING_KEY: the service read signs with it (is it set?)'] : []),
    ...issues.map(
      (issue) =>
        `  ${issue.path.join('.')}: ${issue.code.replaceAll('_', ' ')}${issue.code === 'invalid_type' ? ' (is it set?)' : ''}`,
    ),
  ];
  throw new Error(`The configuration is not complete:\n${faults.join('\n')}`);
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../../shared/platform/clock.ts';

/** The policy that Event Hubs creates with each namespace: it may send, listen and manage. */
export const accessKeyName = 'RootManageSharedAccessKey';

/** The key in `file`, made at the first start and readable by its owner only. */
export async function readOrMakeKey(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const made = randomBytes(32).toString('base64');
  try {
    await writeFile(file, `${made}\n`, { flag: 'wx', mode: 0o600 });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = (await readFile(file, 'utf8')).trim();
  if (key === '') throw new Error(`The key file ${file} is empty: delete it to have a new key made.`);
  return key;
}

/** The form that makes the SDK use plain TCP on the given port; Kafka clients send it as their password. */
export const connectionStringOf = (host: string, amqpPort: number, key: string): string =>
  `Endpoint=sb://${host}:${amqpPort};SharedAccessKeyName=${accessKeyName};SharedAccessKey=${key};UseDevelopmentEmulator=true`;

const equals = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

export const keyIsValid = (shown: string, key: string): boolean => equals(shown, key);

/** True when a connection string names our policy and holds our key; host and entity path are not looked at. */
export function connectionStringIsValid(connectionString: string, key: string): boolean {
  const fields = new Map(
    connectionString.split(';').map((field) => {
      const at = field.indexOf('=');
      return [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()] as const;
    }),
  );
  const named = fields.get('sharedaccesskeyname') === accessKeyName;
  return equals(fields.get('sharedaccesskey') ?? '', key) && named;
}

export interface SasToken {
  /** What the token is for, as an address: `sr`, decoded. */
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export const isSasToken = (token: string): boolean => token.startsWith('SharedAccessSignature ');

/** Reads `SharedAccessSignature sr=…&sig=…&se=…&skn=…`, if our key signed it and it has not expired. */
export function readSasToken(token: string, key: string, clock: Clock): SasToken | undefined {
  if (!isSasToken(token)) return undefined;
  const [, query = ''] = token.split(' ');
  const fields = new Map(
    query.split('&').map((field) => {
      const at = field.indexOf('=');
      return [field.slice(0, at), field.slice(at + 1)] as const;
    }),
  );
  const expiry = fields.get('se') ?? '';
  const audience = fields.get('sr') ?? '';
  const signature = createHmac('sha256', key).update(`${audience}\n${expiry}`).digest('base64');
  const isOurs =
    equals(decodeSafely(fields.get('sig') ?? ''), signature) &&
    decodeSafely(fields.get('skn') ?? '') === accessKeyName;
  const expiresAt = Number(expiry) * 1000;
  return isOurs && expiresAt > clock.now().getTime()
    ? { audience: decodeSafely(audience), expiresAt }
    : undefined;
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../../shared/platform/clock.ts';

/** The policy that Event Hubs creates with each namespace: it may send, listen and manage. */
const accessKeyName = 'RootManageSharedAccessKey';

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

/** True for `SharedAccessSignature sr=…&sig=…&se=…&skn=…` that our key signed and that has not expired. */
export function sasTokenIsValid(token: string, key: string, clock: Clock): boolean {
  const [scheme, query = ''] = token.split(' ');
  if (scheme !== 'SharedAccessSignature') return false;
  const fields = new Map(
    query.split('&').map((field) => {
      const at = field.indexOf('=');
      return [field.slice(0, at), field.slice(at + 1)] as const;
    }),
  );
  const expiry = fields.get('se') ?? '';
  const signature = createHmac('sha256', key)
    .update(`${fields.get('sr') ?? ''}\n${expiry}`)
    .digest('base64');
  return (
    equals(decodeSafely(fields.get('sig') ?? ''), signature) &&
    decodeSafely(fields.get('skn') ?? '') === accessKeyName &&
    Number(expiry) * 1000 > clock.now().getTime()
  );
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

import { ledgerContainer } from '../../../shared/platform/blobs/containers.ts';
import { digestContainer } from '../template/ledger-digests.ts';
import { inGroup, ofResource, type Context } from './context.ts';

const version = '2025-06-01';

interface Policy {
  readonly id: string;
  readonly etag: string;
  readonly properties: { readonly state: 'Locked' | 'Unlocked' };
}

/** What is kept for ever: by the start of its account's name and by its container. */
const kept = [
  { account: 'drledger', container: digestContainer },
  { account: 'drlog', container: ledgerContainer },
] as const;

/** The policies that keep digests and the log of erasures as they are; none before the first deployment. */
async function policies(context: Context): Promise<Policy[]> {
  const accounts = await context.client.send<{ value: { id: string; name: string }[] }>(
    'GET',
    inGroup(context, '/providers/Microsoft.Storage/storageAccounts', version),
    { accept: [404] },
  );
  const found: Policy[] = [];
  for (const { account: start, container } of kept) {
    for (const { name, id } of accounts.status === 404 ? [] : accounts.body.value) {
      if (!name.startsWith(start)) continue;
      const path = `/blobServices/default/containers/${container}/immutabilityPolicies/default`;
      const url = ofResource(id, path, version);
      const { status, body } = await context.client.send<Policy>('GET', url, { accept: [404] });
      if (status !== 404) found.push(body);
    }
  }
  return found;
}

const isLocked = ({ properties }: Policy): boolean => properties.state === 'Locked';

export const areDigestsLocked = async (context: Context): Promise<boolean> =>
  (await policies(context)).some(isLocked);

/** Locks the policies where the stage asks for it: from then on not even the subscription's owner can take it away. */
export async function lockDigests(context: Context): Promise<'locked' | 'locked already' | 'left unlocked'> {
  // Serverless hands `${param:…}` over as text.
  if (String(context.settings.lockLedgerDigests) !== 'true') return 'left unlocked';
  const found = await policies(context);
  if (found.length < kept.length) throw new Error('a container of the ledger has no immutability policy');
  const open = found.filter((policy) => !isLocked(policy));
  for (const policy of open) {
    await context.client.send('POST', ofResource(policy.id, '/lock', version), {
      headers: { 'If-Match': policy.etag },
    });
  }
  return open.length === 0 ? 'locked already' : 'locked';
}

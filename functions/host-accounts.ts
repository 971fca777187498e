import { memo } from '../shared/platform/memo.ts';
import { composition } from './composition.ts';

/** Where function hosts keep checkpoints; under the app's own identity, which has its rights there. */
export const hostAccounts = memo(async () => {
  const { blobService } = await import('../shared/platform/blobs/blob-service.ts');
  return (composition.settings().DARKROOM_CHECKPOINT_STORAGE ?? '')
    .split(',')
    .map((account) => account.trim())
    .filter((account) => account !== '')
    .map((account) => blobService(account));
});

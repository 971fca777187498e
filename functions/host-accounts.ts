import { once } from '../shared/platform/memo.ts';
import { blobService } from '../shared/platform/blobs/blob-service.ts';
import { composition } from './composition.ts';

/** Where function hosts keep checkpoints; under the app's own identity, which has its rights there. */
export const hostAccounts = once(() =>
  (composition.settings().DARKROOM_CHECKPOINT_STORAGE ?? '')
    .split(',')
    .map((account) => account.trim())
    .filter((account) => account !== '')
    .map((account) => blobService(account)),
);

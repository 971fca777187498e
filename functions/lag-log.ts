import { makeDayLog } from '../shared/platform/blobs/day-log.ts';
import { containers } from '../shared/platform/blobs/containers.ts';
import { memo } from '../shared/platform/memo.ts';
import { keptDays, makeLagLog } from '../shared/operations/lag/lag-log.ts';
import { composition } from './composition.ts';

/** What engineers set going and what is measured: the container `operations`. */
export const operationsContainer = memo(async () => {
  const { blobService } = await import('../shared/platform/blobs/blob-service.ts');
  const { DARKROOM_IMAGE_STORAGE: account, DARKROOM_STORAGE_WRITER_CLIENT_ID: clientId } =
    composition.settings();
  return blobService(account, clientId).getContainerClient(containers.operations);
});

export const lagLog = memo(async () => makeLagLog(makeDayLog(await operationsContainer(), 'lag/', keptDays)));

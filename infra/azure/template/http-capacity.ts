import { requestTimes } from '../../../shared/platform/http/limits.ts';
import { sandboxLimits } from '../../../shared/operations/sandbox/limits.ts';
import type { AppName } from './apps.ts';

const megabyte = 1024 * 1024;

/** What a request costs an instance. A test holds that what an app takes at once fits its memory. */
export const requestMemory = {
  /** Host, worker and what they keep, without a request. MB. */
  base: { edge: 512, desks: 300, maintenance: 512 },
  /** The host holds a body of a declared length as a text and more: 80 MB took 316 MB (seen in host 4.1037). */
  copiesOfBody: 4,
  /** Of the worker for each request: blocks that an upload is staged in. MB. */
  worker: { edge: 10, desks: 2, maintenance: 4 },
} as const;

interface HttpCapacity {
  /** A body over it is refused by the host itself, before any code of ours runs. */
  readonly maxBodyBytes: number;
  /** Requests that an instance takes before another one is started. */
  readonly perInstanceConcurrency: number;
}

/** `pipeline` answers health probes and its document, nothing else. */
export const httpCapacity: Readonly<Record<AppName, HttpCapacity>> = {
  edge: { maxBodyBytes: 16 * megabyte, perInstanceConcurrency: 20 },
  desks: { maxBodyBytes: 2 * megabyte, perInstanceConcurrency: 20 },
  // A photo for the sandbox. Half of the memory is left to its two workers and to timers.
  maintenance: { maxBodyBytes: sandboxLimits.maxPhotoBytes + megabyte, perInstanceConcurrency: 8 },
  pipeline: { maxBodyBytes: megabyte, perInstanceConcurrency: 10 },
};

/** One POST on Azure: under what the host takes, so that the refusal is ours and says what to do. */
export const maxPostBytes = httpCapacity.edge.maxBodyBytes - megabyte;

/** Where nothing but HTTP runs, no invocation takes long; timers and batches of the other apps have host.json's limit. */
const answersPeopleOnly: readonly AppName[] = ['edge', 'desks'];

/** Settings of the host that follow. */
export const httpHostSettings = (app: AppName): Record<string, string> => ({
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: String(httpCapacity[app].maxBodyBytes),
  ...(answersPeopleOnly.includes(app) && {
    AzureFunctionsJobHost__functionTimeout: requestTimes.functionTimeout,
  }),
});

import type { FunctionMetadata, InvocationRequest, InvocationResponse } from '../core-types.ts';
import type { LogEntry } from '../log.ts';

/** What host and worker say to each other, as the gRPC messages of the real ones do. */
export type HostMessage =
  | {
      readonly type: 'invoke';
      readonly invocationId: string;
      readonly name: string;
      readonly request: InvocationRequest;
    }
  | { readonly type: 'terminate' };

export interface WorkerStarted {
  readonly type: 'started';
  readonly functions: readonly FunctionMetadata[];
  /** Where the library takes requests; undefined without HTTP streaming. */
  readonly httpUri: string | undefined;
  readonly capabilities: Readonly<Record<string, string>>;
  /** Why the entry file could not be loaded; what it registered before that counts. */
  readonly entryError: string | undefined;
}

export interface WorkerException {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export type WorkerMessage =
  | WorkerStarted
  | { readonly type: 'log'; readonly entry: LogEntry }
  | { readonly type: 'returned'; readonly invocationId: string; readonly response: InvocationResponse }
  | { readonly type: 'threw'; readonly invocationId: string; readonly exception: WorkerException };

/** Names of the app settings that both sides read. */
export const blockOnEntryError = 'FUNCTIONS_NODE_BLOCK_ON_ENTRY_POINT_ERROR';

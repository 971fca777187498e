/** The part of the `@azure/functions-core` contract (worker protocol) that host and library exchange. */

export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  collectionBytes?: { bytes: Uint8Array[] };
  collectionString?: { string: string[] };
  collectionSint64?: { sint64: number[] };
}

export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out';
  readonly name?: string;
  readonly [property: string]: unknown;
}

export interface Duration {
  readonly seconds: number;
}

export interface RetryOptions {
  readonly retryStrategy: 'fixedDelay' | 'exponentialBackoff';
  /** -1 retries without end. */
  readonly maxRetryCount: number;
  readonly delayInterval?: Duration;
  readonly minimumInterval?: Duration;
  readonly maximumInterval?: Duration;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: RetryOptions;
}

export interface RetryContext {
  readonly retryCount: number;
  readonly maxRetryCount: number;
  readonly exception?: { message: string; source: string; stackTrace: string };
}

export interface InvocationRequest {
  readonly inputData: readonly { name: string; data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly retryContext?: RetryContext;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
  readonly outputData?: readonly { name: string; data: TypedData }[];
}

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical';

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest & { readonly invocationId: string };
  readonly metadata: FunctionMetadata;
  state?: 'preInvocationHooks' | 'postInvocationHooks' | 'invocation' | undefined;
  log(level: LogLevel, category: string, message: string): void;
}

export type FunctionCallback = (...args: unknown[]) => unknown;

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export const hookNames = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'] as const;
export type HookName = (typeof hookNames)[number];
export type Hook = (context: Record<string, unknown>) => unknown;

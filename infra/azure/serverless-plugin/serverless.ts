/** The parts of Serverless Framework 3 that the plugin touches; the framework ships no types of its own. */
export interface Logger {
  notice(message: string): void;
  warning(message: string): void;
  success(message: string): void;
}

export interface Utilities {
  readonly log: Logger & { readonly notice: Logger['notice'] & { success(message: string): void } };
  writeText(text: string): void;
}

export type Hook = () => Promise<void> | void;

export interface Serverless {
  readonly serviceDir: string;
  readonly processedInput: { readonly commands: readonly string[] };
  readonly configSchemaHandler: {
    defineProvider(name: string, schema: object): void;
    defineFunctionEvent(provider: string, name: string, schema: object): void;
    defineCustomProperties(schema: object): void;
  };
  readonly pluginManager: {
    hooks: Record<string, { pluginName: string; hook: Hook }[]>;
  };
  readonly service: {
    readonly service: string;
    readonly provider: {
      readonly stage: string;
      readonly region: string;
      readonly resourceGroup: string;
      readonly tags?: Record<string, string>;
      readonly armTemplate: { readonly parameters: Record<string, { value: unknown }> };
    };
    readonly custom: { readonly darkroom: Settings };
    readonly package: { readonly patterns: string[] };
    readonly functions: Record<string, { readonly events: readonly Record<string, unknown>[] }>;
  };
  variables: Record<string, unknown>;
}

/** `custom.darkroom` of serverless.yml. */
export interface Settings {
  readonly migrate: string | readonly string[];
  readonly console: string;
  /** ISO 4217: what the console shows amounts in. */
  readonly currency: string;
  /** Whether the policy over digests of the ledger is locked for good. */
  readonly lockLedgerDigests: boolean | string;
  /** Seconds to wait for a publish, its functions, the vault's secrets, and between two looks. */
  readonly publishTimeout?: number;
  readonly functionsTimeout?: number;
  readonly referencesTimeout?: number;
  readonly pollInterval?: number;
}

export type Options = Readonly<Record<string, string | boolean | undefined>>;
